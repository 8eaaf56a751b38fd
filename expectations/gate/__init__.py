"""The gates: run suites on tables and report the results."""
