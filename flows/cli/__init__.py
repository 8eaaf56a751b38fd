"""TODO flows/cli."""
