"""Published cells once more, from the publishers' bytes, by other code than that which made them.

Nothing here imports `transforms`, Polars or NumPy: a mistake there cannot hide itself. Files are
read with the standard library, row by row, and each rule is written down a second time.
`flows.operations.rederive` compares it with what is published; `asymmetry verify` shows it.

Some judgements are taken over, not made again (`vote_sources.Judged`): which roll calls are one
ballot, and which resolution of the UN Library is which roll call. Hand-coded lists are read as they
are, since nothing lies behind them.
"""
