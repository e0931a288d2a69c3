"""`amends mcp`: what an assistant may do in a desk: search, read, assess, lint, draft; never send."""
