"""The simulated world, written in the publishers' own formats.

Start with `write.py`. A world is made in this order: `roster` (who is in it), `world` (where
everyone stands), `agenda` (what is voted on), `votes`, `quirks`, `economy`; then one module per
publisher writes the files, and `ground_truth` what is true.
"""

from flows.sample.write import write_sample_world

__all__ = ["write_sample_world"]
