"""Simulated worlds with known truth, one module per metric."""
