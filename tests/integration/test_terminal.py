"""What a run shows while it is at work: a bar on a terminal, a few lines in a pipe."""

import fcntl
import os
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.dag import STEPS
from tests.integration.processes import drafts_in
from tests.processes import command, environment_of

pytestmark = [
    pytest.mark.prefect,
    pytest.mark.skipif(sys.platform != "linux", reason="a terminal as Linux has it"),
]

COLUMNS = 90
SECONDS = 2.0
MOST_LINES = 28
"""Of `make run`, which prints its command and make's own line besides."""
CTRL_C = b"\x03"
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
FRAME = re.compile(r"(\d+) of (\d+)")


class Terminal:
    """A terminal that a command runs on, and what it has shown."""

    def __init__(self, master: int, process: "subprocess.Popen[bytes]") -> None:
        self.master, self.process, self.raw = master, process, b""

    def read(self, seconds: float = 0.1) -> bool:
        """Reads what is there; whether there may be more."""
        if not select.select([self.master], [], [], seconds)[0]:
            return True
        try:
            read = os.read(self.master, 1 << 16)
        except OSError:  # the last process that has it open is gone
            return False
        self.raw += read
        return bool(read)

    def read_until(self, pattern: str, seconds: float = 120) -> None:
        deadline = time.monotonic() + seconds
        while not re.search(pattern, self.raw.decode("utf-8", "ignore")):
            assert self.read(), self.raw[-2000:]
            assert time.monotonic() < deadline, self.raw[-2000:]

    def read_on(self) -> None:
        while self.read():
            pass
        self.process.wait(30)

    def frames(self) -> list[str]:
        """What stood in the line of the bar, one after the other."""
        text = self.raw.decode("utf-8", "replace")
        return [ESCAPE.sub("", part).strip() for part in re.split(r"\r|\n|\x1b\[2K", text)]


@contextmanager
def terminal(home: Path, *words: str, api: str) -> Iterator[Terminal]:
    """The command on a terminal of its own, which sends it SIGINT when ^C is typed."""
    master, slave = os.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 30, COLUMNS, 0, 0))

    def take_terminal() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    variables = environment_of(home, api, TERM="xterm-256color")
    variables = {k: v for k, v in variables.items() if k not in ("CI", "COLUMNS", "NO_COLOR")}
    process = subprocess.Popen(
        command(*words),
        env=variables,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
        preexec_fn=take_terminal,  # noqa: PLW1509 - it calls nothing that could lock
    )
    os.close(slave)
    try:
        yield Terminal(master, process)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(30)
        os.close(master)


@pytest.fixture
def home(sample_home: Any, tmp_path: Path) -> Path:
    """The built home, in which other tables are published and three steps are to run."""
    home = tmp_path / "home"
    for part in ("snapshots", "sample_world", "steps", "runs"):
        shutil.copytree(sample_home.home / part, home / part)
    shutil.copy(sample_home.warehouse, home / "warehouse.duckdb")
    with duckdb.connect(str(home / "warehouse.duckdb")) as connection:
        connection.execute("UPDATE meta.builds SET build_id = repeat('0', 64) WHERE is_current")
    for step in ("metrics.vote_similarity", "metrics.ideal_point", "metrics.burden_sharing"):
        (result,) = (home / "steps" / step).iterdir()
        result.rename(result.with_name("0" * 16))  # of other code: how long it took is known
    return home


def test_a_bar_counts_the_steps_and_says_what_is_left(home: Path, server: Any) -> None:
    with terminal(home, "refresh", api=server.api) as seen:
        seen.read_on()
    assert seen.process.returncode == 0, seen.raw[-2000:]
    frames = seen.frames()
    assert max(len(frame) for frame in frames if "━" in frame) <= COLUMNS
    assert "INFO" not in seen.raw.decode("utf-8", "replace")
    counted = [(int(m[1]), int(m[2])) for frame in frames if (m := FRAME.search(frame))]
    steps = [done for done, total in counted if total == len(STEPS)]
    assert steps == sorted(steps)
    assert steps[0] == len(STEPS) - 3  # what is reused counts at once
    assert steps[-1] == len(STEPS)
    assert any(re.search(r"\d+ s left .*metrics\.ideal_point", frame) for frame in frames)
    assert any("assembling" in frame for frame in frames)
    assert any(frame.startswith("Published build") for frame in frames)


def test_ctrl_c_clears_the_bar_and_leaves_one_line(home: Path, server: Any) -> None:
    with terminal(home, "refresh", api=server.api) as seen:
        seen.read_until(r"metrics\.ideal_point")
        before = len(seen.raw)
        began = time.monotonic()
        os.write(seen.master, CTRL_C)
        seen.read_on()
        seconds = time.monotonic() - began
    assert seen.process.returncode == 130
    assert seconds <= SECONDS
    after = seen.raw[before:].decode("utf-8", "replace")
    said = after.rpartition("\r\x1b[2K\x1b[?25h")[2].strip()
    assert re.fullmatch(
        rf"Interrupted; \d\d of {len(STEPS)} steps are kept, nothing was published\.", said
    ), after
    assert drafts_in(home) == []


def test_in_a_pipe_it_prints_few_plain_lines(sample_home: Any) -> None:
    output = sample_home.output
    assert "\x1b" not in output
    assert len(output.splitlines()) <= MOST_LINES
    assert f" of {len(STEPS)} steps are done" in output
    assert "INFO" not in output
