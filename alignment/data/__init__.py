"""What a run learns from: its data sets, made of its rows, with the shares that a recipe asks for."""
