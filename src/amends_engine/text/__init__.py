"""Reading of text: normalisation that keeps offsets, phrases, personal data."""
