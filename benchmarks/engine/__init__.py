"""The engine beside what a user would pick instead, in one run: quality, certainty, speed, memory."""
