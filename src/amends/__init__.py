"""Amends: a self-hosted desk for answering negative comments and getting through crises."""

__version__ = "0.1.0"
