"""Simulated worlds with known truth, one module per metric (and one for C1c, preponderance)."""
