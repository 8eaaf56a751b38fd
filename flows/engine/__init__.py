"""TODO flows/engine."""
