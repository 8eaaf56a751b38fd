"""TODO flows/sample/files."""
