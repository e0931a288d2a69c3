"""Figures for people and for the public, computed from what was recorded; nothing is written here."""
