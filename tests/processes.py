"""The command, in this process or in one of its own; processes, ports and waiting."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest

T = TypeVar("T")

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent

HOLD_THE_LOCK = """
import pathlib, sys
from flows.home.writer_lock import only_writer
with only_writer(pathlib.Path(sys.argv[1])):
    print('held', flush=True)
    sys.stdin.read()
"""


def answer_signals() -> None:
    """Has a process that a test starts answer signals, though the tests may ignore some.

    A program started with `nohup`, or in the background of a shell, ignores SIGHUP or SIGINT, and
    so does what it starts. For `preexec_fn` of `subprocess`.
    """
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def asymmetry(
    home: Path, *arguments: str, stdin: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs the command in this process: its exit code and what it printed.

    For verbs that run no flow. What they set in the environment is undone.

    Args:
        home: `$ASYMMETRY_HOME`.
        *arguments: Words after `asymmetry`.
        stdin: What the command reads, where it reads.
    """
    from typer.testing import CliRunner

    from flows.cli.verbs import app

    before = dict(os.environ)
    try:
        done = CliRunner().invoke(
            app, list(arguments), input=stdin, env={"ASYMMETRY_HOME": str(home)}
        )
    finally:
        os.environ.clear()
        os.environ.update(before)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return subprocess.CompletedProcess(arguments, done.exit_code, done.stdout, done.stderr)


def asymmetry_process(
    home: Path,
    *arguments: str,
    api: str | None = None,
    stdin: str | None = None,
    timeout: float = 1800,
    **variables: str,
) -> subprocess.CompletedProcess[str]:
    """Runs the command as a user would: in a process and a home of its own.

    Args:
        home: `$ASYMMETRY_HOME`; Prefect's own files lie in it too.
        *arguments: Words after `asymmetry`.
        api: Address of the Prefect server to use; None for the command's own.
        stdin: What the command reads, where it reads.
        timeout: Seconds after which it is killed, and the test fails.
        **variables: More of the environment.
    """
    return subprocess.run(
        command(*arguments),
        env=environment_of(home, api, **variables),
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=timeout,
    )


def asymmetry_with(
    home: Path, *arguments: str, **streams: Any
) -> "subprocess.CompletedProcess[str]":
    """Runs the command in a process with standard streams of one's own, such as a full disk.

    Args:
        home: `$ASYMMETRY_HOME`.
        *arguments: Words after `asymmetry`.
        **streams: `stdin`, `stdout` or `stderr`; what is not named is captured.
    """
    captured = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.run(
        command(*arguments),
        env=environment_of(home),
        text=True,
        check=False,
        timeout=LONGEST_ANSWER,
        **(captured | streams),
    )


def command(*arguments: str) -> list[str]:
    """The command `asymmetry` of this Python."""
    return [sys.executable, "-m", "flows.cli.main", *arguments]


def environment_of(home: Path, api: str | None = None, **variables: str) -> dict[str, str]:
    """The environment of a command that runs in a home: nothing of Prefect's but what is given."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    environment |= {"ASYMMETRY_HOME": str(home), "PYTHONPATH": str(ROOT)}
    if api:  # what the client of a server writes is none of the home's files
        client = home.with_name(f"{home.name} prefect client")
        environment |= {"PREFECT_API_URL": api, "PREFECT_HOME": str(client)}
    else:
        environment["PREFECT_HOME"] = str(home / "prefect")
    return environment | variables


def free_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


PATIENCE = 3
"""How many times as long as on a quiet machine a test waits: limits are to end what hangs."""

LONGEST_ANSWER = 30 * PATIENCE
"""Seconds after which a server that says nothing hangs."""


def wait_for(what: str, find: Callable[[], T], seconds: float = 90, every: float = 0.2) -> T:
    """What `find` returns, once it returns something; the test fails when the time is over.

    Args:
        what: What is waited for, in words.
        find: Asked again and again.
        seconds: How long that takes at most on a quiet machine; `PATIENCE` times that is waited.
        every: Seconds between the first two tries; what takes long is asked more seldom.
    """
    seconds *= PATIENCE
    began = time.monotonic()
    while (waited := time.monotonic() - began) < seconds:
        if found := find():
            return found
        time.sleep(max(every, min(1, waited / 20)))
    pytest.fail(f"waited {seconds} s in vain: {what}")


@contextmanager
def running(
    words: Sequence[str], environment: Mapping[str, str], log: Path, **how: Any
) -> Iterator["subprocess.Popen[bytes]"]:
    """A process that is ended by its id; its output goes to a file."""
    with log.open("w") as output:
        process = subprocess.Popen(
            words, env=environment, cwd=log.parent, stdout=output, stderr=output, **how
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(timeout=10)


@contextmanager
def writing(home: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process that writes in a home, until it is killed or the block ends."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD_THE_LOCK, str(home)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def is_alive(pid: int) -> bool:
    """Whether a process is there and is no zombie."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def children_of(pid: int) -> dict[int, str]:
    """Processes that a process has started: id to command line."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if int(parent) == pid:
            found[int(folder.name)] = words
    return found
