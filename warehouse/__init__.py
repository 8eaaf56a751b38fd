"""What people query: contracts, DuckDB, SQL marts and views.

The only package that knows DuckDB. It imports none of the other packages.
"""
