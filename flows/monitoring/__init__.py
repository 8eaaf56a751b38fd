"""TODO flows/monitoring."""
