"""Asymmetry of capabilities within alliances and in the state system."""
