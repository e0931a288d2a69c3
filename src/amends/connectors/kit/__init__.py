"""What every channel is made of: types, errors, the guarded way out."""
