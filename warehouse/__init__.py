"""The warehouse: contracts, DuckDB, SQL marts and views.

The only package that imports DuckDB. It imports none of the other packages.
"""
