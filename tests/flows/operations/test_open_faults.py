"""What a verification has found wrong stays said until the same was looked at again and holds."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from flows.home.build_files import build_file
from flows.home.noted_run import noted_run
from flows.home.paths import Home
from flows.home.run_history import VERIFY
from flows.operations.expired import RetentionPolicy, find_leftovers
from flows.operations.open_faults import (
    BUILDS,
    EVERYTHING,
    FILE,
    SNAPSHOTS,
    STEPS,
    Fault,
    LookedAt,
    cells_of,
    lines_of_open,
    note_verification,
    open_faults,
    open_rows,
    rows_of,
)
from flows.operations.status import status_of
from flows.operations.verification import VerificationError

BUILD, OTHER = "ab" * 32, "cd" * 32
GDP, POLAND = cells_of("core.gdp"), {"ccode": "290", "year": "1999"}
WRONG = Fault(GDP, "core.gdp [290, 1999] is wrong.", POLAND, BUILD)
BYTES = frozenset({SNAPSHOTS, STEPS, BUILDS, FILE})


@pytest.fixture
def home(tmp_path) -> Home:
    return Home.at(tmp_path)


def verify(home: Home, looked: LookedAt, found: Sequence[Fault] = ()) -> None:
    """Leaves the record of a verification that has looked at some things."""
    try:
        with noted_run(VERIFY, "live", "verified", home) as record:
            counts = {"build_id": looked.build_id, "n_snapshots": 2, "n_steps": 3}
            note_verification(record, home, counts, looked, found)
            if found:
                raise VerificationError(found)
    except VerificationError:
        assert found


def look(*subjects: str, rows=None, build: str = BUILD) -> LookedAt:
    return LookedAt(build, BYTES | set(subjects), rows or {})


def said(home: Home, build: str = BUILD) -> str:
    return "\n".join(lines_of_open(home, build))


def test_neither_a_look_at_less_nor_one_at_other_rows_makes_up_for_a_wrong_cell(home: Home) -> None:
    verify(home, look(EVERYTHING, rows={GDP: [POLAND]}), [WRONG])
    for looked in (
        look(),  # as `asymmetry doctor`
        look(rows={cells_of("core.votes"): [POLAND]}),
        look(rows={GDP: [{"ccode": "2", "year": "1999"}]}),
        look(EVERYTHING, rows_of("core.gdp"), cells_of("core.votes")),
    ):
        verify(home, looked)
        assert WRONG.text in said(home)
        assert any(WRONG.text in line for line in status_of(home).attention)
    assert open_rows(home) == {GDP: [POLAND]}
    verify(home, look(rows={GDP: [POLAND]}))
    assert said(home) == ""
    assert open_rows(home) == {}


@pytest.mark.parametrize("subject", [SNAPSHOTS, STEPS, BUILDS, FILE, rows_of("core.gdp")])
def test_what_is_looked_at_as_a_whole_holds_once_it_was_looked_at_again(
    home: Home, subject: str
) -> None:
    verify(home, look(subject), [Fault(subject, "something is wrong.")])
    verify(home, LookedAt(BUILD, (BYTES | {EVERYTHING}) - {subject}))
    assert "something is wrong." in said(home)
    verify(home, look(subject), [Fault(subject, "something else is wrong.")])
    assert "something is wrong." not in said(home)
    verify(home, look(subject))
    assert said(home) == ""
    verify(home, look(subject), [Fault(subject, f"fault {number}.") for number in range(5)])
    assert said(home).count("fault ") == 3
    assert "And 2 more" in said(home)


def test_a_cell_that_holds_in_another_build_is_told_again_after_a_rollback(home: Home) -> None:
    for build in (BUILD, OTHER):
        build_file(build, home).parent.mkdir(exist_ok=True)
        build_file(build, home).touch()
    verify(home, look(rows={GDP: [POLAND]}), [WRONG])
    assert f"in build {BUILD[:12]}" in said(home, OTHER)  # nobody has looked at it there
    assert f"in build {BUILD[:12]}" not in said(home, BUILD)
    verify(home, look(rows={GDP: [POLAND]}, build=OTHER))
    assert said(home, OTHER) == ""
    assert WRONG.text in said(home, BUILD)
    build_file(BUILD, home).unlink()
    verify(home, look(rows={GDP: [POLAND]}, build=OTHER))
    assert open_faults(home) == []


def test_one_that_breaks_off_is_made_up_for_by_a_whole_one_only(home: Home) -> None:
    verify(home, look(rows={GDP: [POLAND]}), [WRONG])
    with pytest.raises(TypeError), noted_run(VERIFY, "live", "verified", home):
        raise TypeError("a file that nobody expected")
    verify(home, look(GDP))
    assert WRONG.text not in said(home)
    assert "TypeError: a file that nobody expected" in said(home)
    verify(home, look(EVERYTHING))
    assert said(home) == ""


def test_one_that_somebody_ends_takes_nothing_back(home: Home) -> None:
    verify(home, look(rows={GDP: [POLAND]}), [WRONG])
    with pytest.raises(KeyboardInterrupt), noted_run(VERIFY, "live", "verified", home):
        raise KeyboardInterrupt
    assert WRONG.text in said(home)


def test_of_many_some_are_named_and_all_want_to_be_looked_at(home: Home) -> None:
    rows = [{"ccode": str(n), "year": "1999"} for n in range(500)]
    found = [Fault(GDP, f"row {n} is wrong.", row, BUILD) for n, row in enumerate(rows)]
    for _ in range(3):  # every night
        verify(home, look(EVERYTHING, rows={GDP: rows}), found)
    assert len(open_faults(home)) == 21
    assert len(said(home)) < 1_000
    assert "And 18 more: runs/" in said(home)
    assert "`asymmetry verify --table core.gdp --every-cell`" in said(home)
    verify(home, look(EVERYTHING, rows={GDP: rows}))
    assert "More findings of cells of core.gdp, beside the 20 that are noted" in said(home)
    verify(home, look(GDP))
    assert said(home) == ""
    assert len(str(VerificationError(found))) < 1_000


def test_of_two_side_by_side_the_one_that_ends_last_counts(home: Home) -> None:
    now = datetime.now(UTC)
    for began, ended, noted in ((9, 1, [WRONG]), (5, 4, [])):
        at = {"started_at": now - timedelta(hours=began), "ended_at": now - timedelta(hours=ended)}
        record: dict[str, Any] = {name: moment.isoformat() for name, moment in at.items()}
        record |= {"profile": "live", "result": "failed", "flow": VERIFY, "seconds": 1}
        record["verified"] = {"open": [fault.__dict__ for fault in noted]}
        home.runs.mkdir(exist_ok=True)
        name = f"{at['started_at']:%Y%m%dT%H%M%S%f}-failed.json"
        (home.runs / name).write_text(json.dumps(record))
    assert WRONG.text in said(home)


@pytest.mark.parametrize("noted", [5, [5], [{}], [{"subject": "x", "good_in": None}]])
def test_what_cannot_be_read_is_not_taken_for_nothing(home: Home, noted: object) -> None:
    verify(home, look(EVERYTHING))
    (path,) = home.runs.glob("*.json")
    record = json.loads(path.read_text())
    record["verified"]["open"] = noted
    path.write_text(json.dumps(record))
    assert f"runs/{path.name}" in said(home)
    verify(home, look(EVERYTHING))
    assert said(home) == ""


def test_the_record_that_knows_what_is_open_never_grows_too_old(home: Home) -> None:
    verify(home, look(rows={GDP: [POLAND]}), [WRONG])
    verify(home, look())
    later = RetentionPolicy.days(1, 1, 1, now=datetime.now(UTC) + timedelta(days=900))
    first, last = sorted(home.runs.glob("*.json"))
    assert find_leftovers(home, later).runs == (first,)
    first.unlink()
    assert last.exists()
    assert WRONG.text in said(home)


def test_hashes_that_were_compared_and_differ_were_compared(home: Home) -> None:
    verify(home, look(), [Fault(SNAPSHOTS, "a snapshot is wrong.")])
    status = status_of(home)
    assert "were never compared" not in status.hashes
    assert "(2 snapshots, 3 finished steps" in status.hashes
    assert "Not all that was looked at holds." in status.hashes
    assert not status.is_overdue()
