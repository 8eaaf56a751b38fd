"""Suites for core tables, one module per table."""
