"""Fixtures that every test may use."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def mirror() -> Path:
    """The publishers' real files, laid out as HOST/PATH.

    They are not part of the project: without them these tests are skipped, but under
    `CI=true` a missing mirror is a failure.
    """
    folder = Path(os.environ.get("ASYMMETRY_TEST_MIRROR", ROOT.parent / "shared" / "mirror"))
    if not (folder / "dataverse.harvard.edu").is_dir():
        reason = f"no mirror of the source files at {folder} (set ASYMMETRY_TEST_MIRROR)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder
