"""How answers are compared: by their form, and as formulas."""
