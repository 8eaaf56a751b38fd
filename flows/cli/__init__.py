"""The command `asymmetry`: one verb, one module."""
