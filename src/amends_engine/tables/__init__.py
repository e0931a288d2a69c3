"""Tables of texts in files: CSV, JSONL and Parquet, read row by row."""
