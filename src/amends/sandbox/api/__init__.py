"""The JSON interface of the practice network (docs/sandbox.md)."""
