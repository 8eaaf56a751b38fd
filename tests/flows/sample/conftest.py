"""One simulated world for all tests of this folder."""

import io
import zipfile
from pathlib import Path

import polars as pl
import pytest

from flows.sample.write import PATHS


@pytest.fixture(scope="session")
def world(sample_world: Path) -> Path:
    return sample_world


@pytest.fixture(scope="session")
def votes(world: Path) -> pl.DataFrame:
    """The raw vote file, every cell a string, an empty cell `""`."""
    return pl.read_csv(world / PATHS["un_votes"], infer_schema=False).fill_null("")


@pytest.fixture(scope="session")
def roll_calls(votes: pl.DataFrame) -> pl.DataFrame:
    """The vote file's roll calls with what the generator knows of them."""
    return votes.unique("rcid", maintain_order=True)


@pytest.fixture(scope="session")
def truth(world: Path) -> pl.DataFrame:
    """The generator's own list of roll calls."""
    return pl.read_csv(world / "ground_truth" / "roll_calls.csv", infer_schema=False)


@pytest.fixture(scope="session")
def library(world: Path) -> pl.DataFrame:
    """The raw file of the UN Library, every cell a string."""
    return pl.read_csv(world / PATHS["undl_votes"], infer_schema=False)


@pytest.fixture(scope="session")
def atop(world: Path) -> dict[str, pl.DataFrame]:
    """The files of the ATOP archive by name without `atop5_1` and `.csv`."""
    with zipfile.ZipFile(world / PATHS["atop"]) as archive:
        return {
            name.rsplit("atop5_1", 1)[1].removesuffix(".csv"): pl.read_csv(
                io.BytesIO(archive.read(name)), infer_schema=False
            )
            for name in archive.namelist()
        }
