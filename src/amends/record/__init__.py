"""The record: what was said and what was done, append-only and verifiable."""
