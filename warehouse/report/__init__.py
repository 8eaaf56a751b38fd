"""Charts of a build: queries, and one style."""
