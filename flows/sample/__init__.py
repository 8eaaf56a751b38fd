"""The simulated world, written in the publishers' own formats.

Start with `write.py`. `model/simulation.py` makes a world part by part: `states` (who is in it),
`ideal_points` (where everyone stands), `roll_calls` (what is voted on), `votes`, `quirks`,
`economy`. `files/<slug>.py` writes what the publisher of a source serves, `files/ground_truth.py`
what is true.
"""

from flows.sample.write import write_sample_world

__all__ = ["write_sample_world"]
