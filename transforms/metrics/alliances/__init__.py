"""Obligations, institutions and burdens of alliances."""
