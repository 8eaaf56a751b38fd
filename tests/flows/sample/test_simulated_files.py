"""Every source has a simulated file, and a change of any module makes the world anew."""

from importlib.resources import files
from pathlib import Path

import pytest

from flows.sample import write
from flows.sources import load_declarations

PACKAGE = Path(str(files("flows.sample")))
MODULES = sorted(path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py"))


def test_every_source_has_a_module_that_writes_its_file() -> None:
    written = {path.stem for path in (PACKAGE / "files").glob("*.py")}
    assert set(load_declarations()) <= written


@pytest.mark.parametrize("module", MODULES)
def test_the_stamp_of_a_world_covers_every_module(module: str) -> None:
    covered = dict(write.generator_code())
    assert covered[module] == (PACKAGE / module).read_bytes()
