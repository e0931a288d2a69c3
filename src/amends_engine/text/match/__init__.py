"""Finding who is meant: brands, products and people in text, and the queries that marketers write."""
