"""Writes a simulated world into a folder, of any size and seed.

    python -m flows.sample /tmp/world --roll-calls 4 --states 160
    asymmetry refresh --profile mirror --mirror /tmp/world

The folder is a mirror of the publishers' sites that says SIMULATED, and so does what is built of
it. What is true in that world is in its folder `ground_truth`.
"""

import argparse
from pathlib import Path

from flows.sample.model.size import N_LISTED, WorldSize
from flows.sample.write import SEED, write_sample_world


def main(arguments: list[str] | None = None) -> None:
    """Writes the world that the command line asks for.

    Args:
        arguments: What follows the program's name; those of the command line unless given.
    """
    parser = argparse.ArgumentParser(prog="python -m flows.sample", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("folder", type=Path, help="where to write it; made if missing")
    parser.add_argument("--seed", type=int, default=SEED, help=f"of all draws ({SEED})")
    parser.add_argument(
        "--roll-calls", type=int, default=1, help="times as many in each session (1)"
    )
    parser.add_argument(
        "--states", type=int, default=N_LISTED, help=f"how many, from {N_LISTED} on ({N_LISTED})"
    )
    options = parser.parse_args(arguments)
    try:
        size = WorldSize(options.roll_calls, options.states)
        write_sample_world(options.folder, options.seed, size)
    except ValueError as error:
        parser.error(str(error))


if __name__ == "__main__":
    main()
