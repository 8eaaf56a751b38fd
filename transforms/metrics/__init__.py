"""Definitions of the metrics, one module per section of the specification."""
