"""What is done to a comment or a person beyond answering, so that it can be defended in public."""
