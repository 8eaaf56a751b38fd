"""Alliances as networks of states."""
