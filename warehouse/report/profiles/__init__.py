"""Answers about states and leaders for the commands, the bundle and the page: one truth for all."""
