"""Copies of a published home to measure in, and a mirror made of its snapshots."""

import os
import shutil
from pathlib import Path

WRITE_ONCE = ("snapshots", "steps")
"""Folders whose files nobody changes: a copy holds the same files under a second name."""


def copy_of(home, target):
    """A home with the same snapshots, finished steps and published file."""
    for entry in home.iterdir():
        if entry.is_dir():
            linked = entry.name in WRITE_ONCE
            copy = link if linked else shutil.copy2
            shutil.copytree(entry, target / entry.name, copy_function=copy, symlinks=True)
        elif entry.name == "warehouse.duckdb":
            shutil.copy2(entry, target / entry.name)
    return target


def link(source, target):
    """One file under another name; a log, which is written to, as a copy."""
    if Path(source).suffix == ".jsonl":
        return shutil.copy2(source, target)
    os.link(source, target)
    return target


def mirror_of(snapshots, target, simulated):
    """A mirror that serves the newest snapshot of each source at its publisher's address."""
    from flows.sample.write import MARKER, PATHS

    for slug, snapshot in snapshots.items():
        place = target / PATHS[slug]
        place.parent.mkdir(parents=True, exist_ok=True)
        os.link(snapshot.path, place)
    if simulated:
        (target / MARKER).write_text("# SIMULATED\n", "utf-8")
    return target


def change_gdp(mirror):
    """Has the mirror serve another file of GDP: one figure in it is larger by one."""
    from flows.sample.write import PATHS

    place = mirror / PATHS["gdp"]
    lines = place.read_bytes().split(b"\n")
    head, _, figure = lines[-2].rstrip(b"\r").rpartition(b",")
    end = b"\r" if lines[-2].endswith(b"\r") else b""
    lines[-2] = head + b"," + str(float(figure) + 1).encode() + end
    place.unlink()  # a second name of the snapshot's own file until now
    place.write_bytes(b"\n".join(lines))
