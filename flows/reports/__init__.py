"""TODO flows/reports."""
