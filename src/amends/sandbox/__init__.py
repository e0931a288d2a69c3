"""A small social network for demonstration and drills; reached over HTTP like any other."""
