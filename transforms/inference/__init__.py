"""Inference that no library offers as needed here; tests check each against a published value."""
