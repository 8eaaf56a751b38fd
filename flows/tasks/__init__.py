"""TODO flows/tasks."""
