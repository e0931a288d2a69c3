"""Backups of a desk while it works, and their way back: one archive, verified."""
