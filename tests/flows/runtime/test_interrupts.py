"""A command in its second thread: how it ends by itself, by a signal, and on a full disk."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.processes import answer_signals

ROOT = Path(__file__).resolve().parents[3]

BEGINNING = """
import errno, logging, os, signal, subprocess, sys, threading, time
from pathlib import Path
from flows.home.paths import Home
from flows.runtime.full_disk import end_on_full_disk
from flows.runtime.interrupts import end_with_command, run_interruptibly, say_when_interrupted
from flows.runtime.flow_run_state import tell_server_of_end
import flows.runtime.flow_run_state as flow_run_state

def begun():
    os.write(1, b"begun\\n")
"""


def python(
    body: str,
    home: Path,
    number: signal.Signals | None = None,
    times: int = 1,
    beginning: str = BEGINNING,
) -> tuple[subprocess.CompletedProcess[str], float]:
    """Runs a program, sends it signals when it says that it has begun; and the seconds after."""
    with subprocess.Popen(
        [sys.executable, "-c", beginning + body],
        env={**os.environ, "PYTHONPATH": str(ROOT), "ASYMMETRY_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=answer_signals,  # noqa: PLW1509 - it calls nothing that could lock
    ) as process:
        assert process.stdout
        first = process.stdout.readline() if number else ""
        began = time.monotonic()
        for _ in range(times if number else 0):
            process.send_signal(number or 0)
            time.sleep(0.001)
        out, err = process.communicate(timeout=60)
        done = subprocess.CompletedProcess("", process.returncode, first + out, err)
        return done, time.monotonic() - began


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("sys.exit(run_interruptibly(lambda: None))", 0),
        ("sys.exit(run_interruptibly(lambda: sys.exit(3)))", 3),
    ],
)
def test_a_command_that_ends_by_itself_has_its_own_exit_code(
    body: str, code: int, tmp_path: Path
) -> None:
    assert python(body, tmp_path)[0].returncode == code


def test_an_error_of_the_command_is_raised_as_ever(tmp_path: Path) -> None:
    done, _ = python("run_interruptibly(lambda: {}['missing'])", tmp_path)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "KeyError: 'missing'"


COMPUTING = {
    "a sleep": "begun(); time.sleep(60)",
    "one long call into C": "import duckdb; begun(); duckdb.sql('SELECT count(*)"
    " FROM range(9000000) a, range(9000000) b WHERE a.range > b.range').fetchall()",
    "Python": "begun()\n    while True: pass",
    "a handler that gives up nothing": "begun()\n    while True:\n        try: time.sleep(60)\n"
    "        except BaseException: print('on and on')",
}


@pytest.mark.parametrize("times", [1, 200])
@pytest.mark.parametrize("doing", COMPUTING)
def test_whatever_it_is_at_it_ends_with_one_line(doing: str, times: int, tmp_path: Path) -> None:
    body = f"""
def command():
    say_when_interrupted(lambda: "3 of 9 are kept")
    {COMPUTING[doing]}
run_interruptibly(command)
"""
    done, seconds = python(body, tmp_path, signal.SIGINT, times)
    assert (done.returncode, done.stderr) == (130, "Interrupted; 3 of 9 are kept.\n")
    assert done.stdout == "begun\n"
    assert seconds <= 2.0


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
@pytest.mark.parametrize("is_counted", [True, False])
def test_its_processes_end_with_it(
    number: signal.Signals, code: int, is_counted: bool, tmp_path: Path
) -> None:
    """Those that a pool has only just begun, and counts later, as well."""
    if not is_counted and sys.platform != "linux":
        pytest.skip("only Linux says who the children of a process are")
    body = f"""
def command():
    child = subprocess.Popen(["sleep", "60"])
    if {is_counted}:
        end_with_command(child)
    begun()
    child.wait()
run_interruptibly(command)
"""
    done, seconds = python(body, tmp_path, number)
    assert done.returncode == code
    assert seconds <= 2.0  # standard output is closed when the last of them is gone


def test_polars_answers_no_interrupt_itself(tmp_path: Path) -> None:
    """It would, from when it is imported: with an error in the thread that computes."""
    light = """
import os, threading, time
from pathlib import Path
from flows.runtime.interrupts import run_interruptibly, say_when_interrupted

def begun():
    os.write(1, b"begun\\n")
"""
    body = """
def outcome():
    time.sleep(0.5)
    return "nothing was changed"
def command():
    import polars as pl
    rows = pl.LazyFrame({"a": range(100_000)})
    pairs = rows.join(rows.rename({"a": "b"}), how="cross").filter(pl.col("a") + pl.col("b") == -1)
    say_when_interrupted(outcome)
    threading.Timer(0.5, begun).start()  # it answers while it computes
    try:
        pairs.collect()
    except BaseException as error:
        Path("raised").write_text(repr(error))
os.chdir(os.environ["ASYMMETRY_HOME"])
run_interruptibly(command)
"""
    done, _ = python(body, tmp_path, signal.SIGINT, beginning=light)
    assert (done.returncode, done.stderr) == (130, "Interrupted; nothing was changed.\n")
    assert not (tmp_path / "raised").exists()


def test_what_hangs_does_not_hold_it_up(tmp_path: Path) -> None:
    """The lock of the record, a server that does not answer, a disk that does not."""
    body = """
def outcome():
    time.sleep(60)
def command():
    say_when_interrupted(outcome)
    begun()
    time.sleep(60)
run_interruptibly(command)
"""
    done, seconds = python(body, tmp_path, signal.SIGTERM)
    assert (done.returncode, done.stderr) == (143, "Interrupted.\n")
    assert seconds <= 2.0


def test_an_ignored_signal_stays_ignored(tmp_path: Path) -> None:
    body = """
signal.signal(signal.SIGHUP, signal.SIG_IGN)
def command():
    begun()
    time.sleep(0.5)
    print("went on")
run_interruptibly(command)
"""
    done, _ = python(body, tmp_path, signal.SIGHUP)
    assert (done.returncode, done.stdout, done.stderr) == (0, "begun\nwent on\n", "")


@pytest.mark.parametrize(
    "meets",
    [
        "logging.getLogger('prefect.task_runs').error('it failed', exc_info=full)",
        "logging.getLogger('prefect.flow_runs').info('Task run failed with %r - Retry 1/2', full)",
        "threading.Thread(target=end).start(); time.sleep(60)",
    ],
)
def test_a_full_disk_ends_the_command_wherever_it_is_met(meets: str, tmp_path: Path) -> None:
    body = f"""
full = OSError(errno.ENOSPC, "No space left on device")
def command():
    end = end_on_full_disk(Home.from_environment())
    logging.basicConfig()
    logging.getLogger().setLevel(logging.INFO)
    logging.info("all is well")
    {meets}
    print("went on")
run_interruptibly(command)
"""
    done, _ = python(body, tmp_path)
    assert done.returncode == 1
    assert "went on" not in done.stdout
    lines = done.stderr.splitlines()
    assert len(lines) == 2
    assert lines[0].endswith("all is well")
    assert f"The disk of {tmp_path}" in lines[1]
