"""The reply linter: reads a draft as every bystander will, and says which words make it worse."""
