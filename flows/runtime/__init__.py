"""TODO flows/runtime."""
