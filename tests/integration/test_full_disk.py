"""A disk that is full, before a build and in its middle: one message, and nothing is lost."""

import json
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.dag import STEPS
from flows.home.disk_space import bytes_needed
from flows.home.paths import Home
from tests.integration.processes import Command, drafts_in, running_command
from tests.processes import PATIENCE

pytestmark = [
    pytest.mark.prefect,
    pytest.mark.skipif(sys.platform != "linux", reason="a small disk is a tmpfs"),
]

MOST_LINES = 15
Mount = Callable[[int], Path]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Mount]:
    """Mounts a disk of so many megabytes."""
    mounted: list[Path] = []

    def mount(megabytes: int) -> Path:
        place = tmp_path / f"disk {len(mounted)}"
        place.mkdir()
        options = f"size={megabytes}m"
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            pytest.skip(f"no small disk can be mounted here: {done.stderr.strip()}")
        mounted.append(place)
        return place

    yield mount
    for place in mounted:
        subprocess.run(["umount", str(place)], check=True)


def fill(place: Path, leave: int = 0) -> Path:
    """Writes a file as large as the disk lets it."""
    ballast = place / "ballast"
    free = shutil.disk_usage(place).free - leave
    try:
        with ballast.open("ab") as file:
            while free > 0:
                free -= file.write(bytes(min(free, 1 << 16)))
                file.flush()
    except OSError:
        pass
    return ballast


def said(command: Command) -> str:
    """The message: all that was printed but for what went well before."""
    lines = command.lines()
    assert len(lines) <= MOST_LINES, lines[:40]
    assert not [line for line in lines if "Traceback" in line]
    return lines[-1]


def test_a_disk_that_is_too_small_is_refused_at_once(small_disk: Mount, tmp_path: Path) -> None:
    home = small_disk(60) / "home"
    began = time.monotonic()
    with running_command(home, "refresh", output=tmp_path / "printed") as command:
        command.process.wait(180)
        assert command.process.returncode == 1
    assert time.monotonic() - began < 15 * PATIENCE
    message = said(command)
    assert f"The disk of {home} has too little space: " in message
    assert "a build needs about" in message
    assert "Nothing was published" in message
    assert not (home / "prefect").exists()  # no server was started


def test_a_build_that_would_not_fit_is_refused_when_its_steps_are_known(
    small_disk: Mount, sample_home: Any, server: Any, tmp_path: Path
) -> None:
    home = small_disk(300) / "home"
    as_if_another_was_published(sample_home.home, home)
    fill(home.parent, leave=100_000_000)
    environment = {"PREFECT_API_URL": server.api}
    with running_command(
        home, "refresh", output=tmp_path / "printed", environment=environment
    ) as command:
        command.process.wait(360)
        assert command.process.returncode == 1
    message = said(command)
    assert "the rest of the build needs about" in message
    assert f"{len(STEPS)} of {len(STEPS)} steps are kept, nothing was published" in message
    assert newest_record(home)["result"] == "failed"


@pytest.mark.parametrize("moment", [pytest.param("staging", marks=pytest.mark.soak), "publishing"])
def test_a_disk_that_fills_up_ends_the_run_with_one_message(
    moment: str,
    *,
    small_disk: Mount,
    sample_home: Any,
    laid_out_prefect: Path,
    tmp_path: Path,
) -> None:
    """With a server of the command's own, whose database is on that disk too."""
    home = small_disk(500) / "home"
    as_if_another_was_published(sample_home.home, home)
    shutil.copytree(laid_out_prefect, home / "prefect")
    sign = "builds/.*"
    if moment == "staging":
        sign = "steps/stage_*/.*"
        for folder in home.glob("steps/stage_*"):
            shutil.rmtree(folder)
    before = (home / "warehouse.duckdb").stat()
    with running_command(home, "refresh", output=tmp_path / "printed") as command:
        command.wait_until(lambda: any(home.glob(sign)))
        ended = threading.Event()
        filling = threading.Thread(target=keep_full, args=(home.parent, ended))
        filling.start()
        try:
            command.process.wait(180)
        finally:
            ended.set()
            filling.join()
        assert command.process.returncode == 1, command.lines()
        assert command.left_alive(5) == []
    message = said(command)
    assert f"The disk of {home}" in message
    assert f"of {len(STEPS)} steps are kept, nothing was published" in message
    assert "so whether its file is as it was written is not known" in message
    assert "needs about" in message
    after = (home / "warehouse.duckdb").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as connection:
        assert connection.execute("SELECT count(*) FROM core.votes").fetchone() != (0,)
    assert drafts_in(home) == []


def test_a_rollback_on_a_full_disk_says_so(
    small_disk: Mount, sample_home: Any, tmp_path: Path
) -> None:
    home = small_disk(160) / "home"
    shutil.copytree(sample_home.home / "builds", home / "builds")
    as_if_another_was_published(sample_home.home, home, steps=False)
    fill(home.parent, leave=20_000_000)
    (build,) = (home / "builds").glob("*.duckdb")
    with running_command(home, "rollback", build.stem, output=tmp_path / "printed") as command:
        command.process.wait(180)
        assert command.process.returncode == 1
    assert f"The disk of {home}" in said(command)
    assert not [name for name in drafts_in(home) if "warehouse" in name]
    assert newest_record(home)["result"] == "failed"


def test_an_export_on_a_full_disk_says_so_and_keeps_what_was_there(
    small_disk: Mount, sample_home: Any, tmp_path: Path
) -> None:
    target = small_disk(2) / "votes.csv"
    target.write_text("of before\n")
    sql = "SELECT * FROM core.votes"
    with running_command(
        sample_home.home, "query", sql, "--output", str(target), output=tmp_path / "printed"
    ) as command:
        command.process.wait(180)
        assert command.process.returncode != 0
    message = said(command)
    assert str(target) in message
    assert "No space left on device" in message
    assert "What was there before still is" in message
    assert target.read_text() == "of before\n"
    assert list(target.parent.iterdir()) == [target]


def test_a_calibration_on_a_full_disk_says_so_and_goes_on_afterwards(
    small_disk: Mount, server: Any, tmp_path: Path
) -> None:
    home, page = small_disk(40) / "home", tmp_path / "docs"
    # enough of them that the disk is full before the last is kept
    arguments = ("--worlds", "30", "--families", "preponderance", "--docs", str(page))
    environment = {"PREFECT_API_URL": server.api, "PREFECT_HOME": str(tmp_path / "client")}
    with running_command(
        home, "calibrate", *arguments, output=tmp_path / "printed", environment=environment
    ) as command:
        command.wait_until(lambda: any((home / "calibration").glob("*/*")), 240)
        ended = threading.Event()
        filling = threading.Thread(target=keep_full, args=(home.parent, ended))
        filling.start()
        try:
            command.process.wait(720)
        finally:
            ended.set()
            filling.join()
        assert command.process.returncode == 1, command.lines()
    assert f"The disk of {home}" in said(command)
    assert not page.exists()

    (home.parent / "ballast").unlink()
    with running_command(
        home, "calibrate", *arguments, output=tmp_path / "again", environment=environment
    ) as command:
        command.process.wait(720)
        assert command.process.returncode == 0, command.lines()
    assert (page / "calibration.md").is_file()


def test_the_estimate_is_near_what_a_build_takes(sample_home: Any, tmp_path: Path) -> None:
    """Of the simulated world: from nothing, and with all steps finished."""
    taken = sum(f.stat().st_size for f in sample_home.home.rglob("*") if f.is_file())
    assert 1.0 <= bytes_needed(Home.at(tmp_path), "sample") / taken <= 1.6
    home = Home.at(sample_home.home)
    planned = {"core.votes": next((home.steps / "core.votes").iterdir())}
    size = home.warehouse.stat().st_size
    assert 2.0 <= bytes_needed(home, "sample", planned) / size <= 3.0


def as_if_another_was_published(built: Path, home: Path, *, steps: bool = True) -> None:
    """Copies a built home, in which another build seems to be published."""
    for part in ("snapshots", "sample_world", "steps") if steps else ():
        shutil.copytree(built / part, home / part)
    home.mkdir(exist_ok=True)
    shutil.copy(built / "warehouse.duckdb", home)
    with duckdb.connect(str(home / "warehouse.duckdb")) as connection:
        connection.execute("UPDATE meta.builds SET build_id = repeat('0', 64) WHERE is_current")


def keep_full(place: Path, ended: threading.Event) -> None:
    """Takes what space there is, as another program would that goes on writing."""
    while not ended.is_set():
        fill(place)
        time.sleep(0.005)


def newest_record(home: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(max((home / "runs").glob("*.json")).read_text())
    return found
