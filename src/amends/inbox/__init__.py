"""What comes in: channels, raw events, authors, threads, comments and every version of them."""
