"""The simulated world, written in the publishers' own formats.

Start with `write.py`. A world is generated in this order (`model/`): `states`, `ideal_points`,
`roll_calls`, `votes`, `quirks`, `economy`. Then one module per source writes its file (`files/`),
and `files/ground_truth` writes the true values.
"""

from flows.sample.write import write_sample_world

__all__ = ["write_sample_world"]
