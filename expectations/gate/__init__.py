"""The gates: suites in, what they found out."""
