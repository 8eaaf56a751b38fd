"""Suites for marts, one module per table."""
