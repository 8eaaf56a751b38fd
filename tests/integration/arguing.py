"""Arguing on the simulated world, for the tests of each way to do it."""

from pathlib import Path
from typing import Any

from flows.home.arguments import Argument
from flows.operations.argue import argue
from tests.built_homes import BuiltHome
from tests.processes import ROOT

RUSSIA = ROOT / "examples" / "allies_of_russia.csv"


def argued(home: Path, claim: str, **choices: str) -> Argument:
    return argue(claim, choices, home=home, keep=False)


def published_core(home: BuiltHome, path: Path) -> Path:
    """The build's own core allies as a list of one's own, a state's overlapping treaties as one."""
    rows = home.rows(
        "SELECT ccode, in_force_from, in_force_to FROM core.treaty_allies"
        " WHERE ccode_hegemon = 2 AND tier = 'core' ORDER BY ccode, in_force_from"
    )
    spells: list[list[Any]] = []
    for ccode, first, last in rows:
        if spells and spells[-1][0] == ccode and (spells[-1][2] is None or first <= spells[-1][2]):
            ends = [spells[-1][2], last]
            spells[-1][2] = None if None in ends else max(ends)
        else:
            spells.append([ccode, first, last])
    lines = [f"{ccode},{first},{last or ''}" for ccode, first, last in spells]
    path.write_text("\n".join(["ccode,from,to", *lines, ""]), "utf-8")
    return path
