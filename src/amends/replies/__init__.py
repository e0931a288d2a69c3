"""Answers: drafted, approved by somebody else, sent exactly once."""
