"""The command line; thin, and only what needs the database starts Django."""
