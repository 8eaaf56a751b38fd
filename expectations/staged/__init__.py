"""Suites for staged tables, one module per source."""
