"""The checks Q01-Q30, one file per family, in the order of `steps.py`."""
