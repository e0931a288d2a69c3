"""Triage of one comment: the screen, its features, its linear heads and its rules."""
