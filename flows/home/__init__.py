"""TODO flows/home."""
