"""Similarity of votes and of alliance portfolios."""
