"""Loads a build: marts, tables and views. Code in this package decides numbers."""
