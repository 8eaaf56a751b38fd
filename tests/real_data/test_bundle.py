"""The shipped bundle has what the code makes of the publishers' files today."""

import pytest
from polars.testing import assert_frame_equal

from tests.processes import asymmetry
from warehouse.db import read_published
from warehouse.report.profiles.frames import FRAMES
from warehouse.report.shipped_bundle import bundled_frame


@pytest.mark.parametrize("name", FRAMES)
def test_a_frame_of_the_bundle_is_that_of_the_build(mirror_home, name) -> None:
    with read_published(mirror_home.warehouse) as connection:
        built = FRAMES[name](connection)
    # but for the last digits, which another kind of CPU may round otherwise; else: make bundle
    assert_frame_equal(bundled_frame(name), built, abs_tol=1e-6, rel_tol=1e-6)


def test_a_real_build_takes_the_bundles_place(mirror_home) -> None:
    done = asymmetry(mirror_home.home, "country", "Poland")
    assert done.stdout.splitlines()[-1].startswith("Your build ")
    assert ".01 in 1989, .39 in 1990" in " ".join(done.stdout.split())
