"""The commands of `asymmetry`, one module per kind; `flows/cli.py` puts them together."""
