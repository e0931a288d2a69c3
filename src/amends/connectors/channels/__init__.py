"""One module for each channel."""
