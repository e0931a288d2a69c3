"""How the screen is taught: features of all texts, linear heads per language and field."""
