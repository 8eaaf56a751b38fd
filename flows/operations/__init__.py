"""TODO flows/operations."""
