"""Suites for metrics, one module per table."""
