"""What the columns of a file of comments mean: stated in YAML, guessed, applied to a row; pure."""
