"""Recipes that train what amends_engine ships; not installed with the product."""
