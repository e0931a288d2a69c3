"""The journey of a comment, in order; the only place that knows it."""
