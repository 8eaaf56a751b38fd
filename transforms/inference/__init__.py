"""Inference that no library does as it is needed here; each checked against a published value."""
