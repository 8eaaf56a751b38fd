"""How unequal allies are."""
