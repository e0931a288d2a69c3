"""Pages, forms and everything that a browser sees."""
