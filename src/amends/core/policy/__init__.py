"""What is allowed, in public: clauses in YAML, worded in each language, and a lint that reads them."""
