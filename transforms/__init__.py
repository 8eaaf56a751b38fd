"""How bytes become rows: pure functions on Polars frames and NumPy arrays.

No I/O, no Prefect, no DuckDB. Bytes, frames and reference data come in as arguments;
frames go out as a `StepResult`, which also counts every lost row.
"""
