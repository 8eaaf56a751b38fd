"""Suites for the text columns as the publisher serves them, one module per source."""
