"""A flame graph of a whole build, all its processes together, by py-spy."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from measuring.apart import FOLDER, GATES, MEASURE

RATE = 50
"""Looks a second into each thread: a build of a minute gives thousands, at little cost."""


def record_flame(target, profile, snapshots):
    """Builds once, with the gates, and writes where the time went as an SVG.

    Args:
        target: The file.
        profile: Whose newest snapshots are built.
        snapshots: The folder that has them.
    """
    spy = Path(sys.executable).with_name("py-spy")
    if not spy.exists():
        raise SystemExit("py-spy is not installed: `make install` and `make flame` bring it.")
    with tempfile.TemporaryDirectory(dir=snapshots.parent, prefix="flame-") as home:
        (Path(home) / "snapshots").symlink_to(snapshots)
        build = [*MEASURE, GATES, "--home", home]
        looks = ["--subprocesses", "--rate", str(RATE), "--output", str(target.absolute())]
        subprocess.run(
            [str(spy), "record", *looks, "--", *build, "--profile", profile],
            check=True,
            cwd=FOLDER,
            env={**os.environ, "PREFECT_LOGGING_LEVEL": "WARNING"},
        )
    print(f"{target}: open it in a browser")
