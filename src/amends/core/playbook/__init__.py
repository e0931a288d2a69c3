"""How we decide: versioned rules in YAML, and a pure function that applies them and says why."""
