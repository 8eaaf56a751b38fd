"""One module per source: bytes to raw text columns to typed rows. No join, no filter.

Each module has two functions. `read(files)` takes member name to content and returns the raw
tables, every cell a string as published; `stage(raw)` takes those and returns a `StepResult` with
the staged tables. Both raise ValueError, with the place, for what does not fit.
"""
