"""Where a record comes from, and the order of everything.

The only package that knows Prefect. Start with `flows/refresh.py`.
"""
