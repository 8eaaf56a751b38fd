"""Charts of a build."""
