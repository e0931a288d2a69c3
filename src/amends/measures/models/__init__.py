"""Tables of measures, of the statements that explain them, and of appeals."""
