"""How the desk speaks to channels; knows no Django and no database."""
