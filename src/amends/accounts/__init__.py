"""People, workspaces, brands and who may do what."""
