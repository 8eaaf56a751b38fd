"""Definitions of the metrics by topic; each table is built by the module of its name."""
