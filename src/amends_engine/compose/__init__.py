"""A first draft from the parts that a decision asks for; a person fills it in and changes it."""
