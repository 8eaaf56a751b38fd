"""Reads the bundle: answers of a real build, shipped for those who have built nothing.

`write_bundle.py` says what is in it. Neither DuckDB nor a contract is needed to read it.
"""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import polars as pl

ABOUT = "bundle.json"
"""File that says what the bundle is made of."""


@dataclass(frozen=True)
class Bundle:
    """What the shipped bundle is made of.

    Attributes:
        build_id: Of the build whose figures it has.
        built_at: When that was built, UTC, ISO 8601.
        code_version: Version of the project that built it.
        snapshots: Source to the SHA-256 of its bytes.
        steps: Step that a frame rests on to its hash.
        sha256: Frame to the SHA-256 of its file.
    """

    build_id: str
    built_at: str
    code_version: str
    snapshots: Mapping[str, str]
    steps: Mapping[str, str]
    sha256: Mapping[str, str]


@cache
def shipped_bundle() -> Bundle | None:
    """What the bundle of this installation is made of; None where there is none."""
    about = _folder() / ABOUT
    return Bundle(**json.loads(about.read_text("utf-8"))) if about.is_file() else None


def bundled_frame(name: str) -> pl.DataFrame:
    """A frame of the shipped bundle, by its name in `FRAMES`."""
    return pl.read_parquet(io.BytesIO((_folder() / f"{name}.parquet").read_bytes()))


def _folder() -> Traversable:
    return files("warehouse") / "report" / "bundle"
