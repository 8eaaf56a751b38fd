"""TODO flows/sample/model."""
