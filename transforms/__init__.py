"""How bytes become rows: pure functions on Polars frames and NumPy arrays.

No I/O, no Prefect, no DuckDB. Bytes, frames and reference data come in as arguments;
frames go out as an `Outcome` that also counts every row that was lost.
"""
