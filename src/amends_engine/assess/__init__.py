"""Assessment of whole files: rows in, judgements out in the same order, bad rows kept apart."""
