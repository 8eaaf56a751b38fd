"""The simulated world, written in the publishers' own formats.

Start with `write.py`. `model/simulation.py` generates a world part by part: `states`,
`ideal_points`, `roll_calls`, `votes`, `quirks`, `economy`. `files/<slug>.py` writes the file that
the publisher of a source serves, `files/ground_truth.py` the true values.
"""

from flows.sample.write import write_sample_world

__all__ = ["write_sample_world"]
