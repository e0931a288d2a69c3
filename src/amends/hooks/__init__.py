"""Outgoing webhooks: what happens in the desk, told to addresses that a person names."""
