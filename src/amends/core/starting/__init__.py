"""Starting points: texts with variables from which a reply may begin, and that must be changed. Pure."""
