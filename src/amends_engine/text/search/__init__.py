"""Words as a search compares them: folded, stemmed in five languages, and found again in a text."""
