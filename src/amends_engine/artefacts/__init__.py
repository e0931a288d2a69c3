"""The shipped model directories and the reader that checks them."""
