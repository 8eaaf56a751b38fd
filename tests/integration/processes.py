"""Commands as processes of their own, which tests interrupt, and what they leave behind."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.processes import answer_signals

ROOT = Path(__file__).resolve().parents[2]
GOES_WELL = re.compile(
    r"\| INFO |^Fetching \d+ sources$|^\d+ of \d+ steps are done|^Assembling and checking the file$"
)
DRAFTS = (
    "steps/*/.*",
    "steps/*/*.chunks/.*",
    "builds/.*",
    ".warehouse.*",
    "runs/.*",
    "sample_world/**/.*",
    "snapshots/_incoming/*",
)


@dataclass
class Command:
    """`asymmetry` with arguments, running in a session of its own as under a terminal.

    Attributes:
        process: The process.
        output: Where it prints to, both streams.
        seen: Its descendants that `note_descendants` has seen: id to command line.
    """

    process: "subprocess.Popen[bytes]"
    output: Path
    seen: dict[int, str] = field(default_factory=dict)

    def lines(self) -> list[str]:
        """What it has printed, but for what goes well: its progress, or Prefect's log of it."""
        text = self.output.read_text("utf-8", "replace")
        return [line for line in text.splitlines() if line.strip() and not GOES_WELL.search(line)]

    def note_descendants(self) -> None:
        """Notes the processes that it, or a process of its, has started."""
        children: dict[int, list[int]] = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and (parent := _parent(int(entry.name))):
                children.setdefault(parent, []).append(int(entry.name))
        waiting = [self.process.pid]
        while waiting:
            for child in children.get(waiting.pop(), []):
                waiting.append(child)
                # a process that has only just been forked still has the words of its parent
                self.seen[child] = _command_line(child) or self.seen.get(child, "")

    def wait_until(self, has_come: Callable[[], object], seconds: float = 120) -> None:
        """Waits for something to be so while it runs, and notes its processes."""
        deadline = time.monotonic() + seconds
        while not has_come():
            assert self.process.poll() is None, "\n".join(["ended too early:", *self.lines()])
            assert time.monotonic() < deadline, f"waited {seconds} s in vain"
            time.sleep(0.01)
        self.note_descendants()

    def interrupt(self, number: signal.Signals, times: int = 1) -> float:
        """Sends a signal as it would come, and waits for the end.

        What a terminal sends reaches the command and all that it has started.

        Args:
            number: The signal.
            times: How often, 10 ms apart.

        Returns:
            Seconds from the first signal to the end.
        """
        began = time.monotonic()
        for _ in range(times):
            try:
                if number in (signal.SIGINT, signal.SIGHUP):
                    os.killpg(self.process.pid, number)
                else:
                    self.process.send_signal(number)
            except ProcessLookupError:
                break
            if times > 1:
                time.sleep(0.01)
        self.process.wait(timeout=60)
        return time.monotonic() - began

    def left_alive(self, seconds: float) -> list[str]:
        """Command lines of its processes that are still alive after a while."""
        deadline = time.monotonic() + seconds
        while (alive := [pid for pid in self.seen if _parent(pid)]) and time.monotonic() < deadline:
            time.sleep(0.05)
        return [self.seen[pid] for pid in alive]


@contextmanager
def running_command(
    home: Path,
    *arguments: str,
    output: Path,
    environment: Mapping[str, str] | None = None,
    program: tuple[str, ...] = ("-m", "flows.cli.main"),
    wrapper: tuple[str, ...] = (),
) -> Iterator[Command]:
    """Starts `asymmetry` in a home of its own; whatever is left of it is killed at the end.

    Args:
        home: Its `$ASYMMETRY_HOME`.
        *arguments: What it is asked.
        output: File for what it prints.
        environment: Variables besides those of the tests.
        program: What Python runs.
        wrapper: What runs Python: `nohup`.
    """
    variables = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
    variables |= {"ASYMMETRY_HOME": str(home), "PYTHONPATH": str(ROOT), **(environment or {})}
    with output.open("wb") as file:
        process = subprocess.Popen(
            [*wrapper, sys.executable, *program, *arguments],
            env=variables,
            cwd=output.parent,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            start_new_session=True,
            preexec_fn=answer_signals,  # noqa: PLW1509 - it calls nothing that could lock
        )
    command = Command(process, output)
    try:
        yield command
    finally:
        command.note_descendants()
        for pid in [process.pid, *command.seen]:
            if _parent(pid):
                os.kill(pid, signal.SIGKILL)
        process.wait(timeout=30)


def drafts_in(home: Path) -> list[str]:
    """What is half-made in a home."""
    return sorted(str(p.relative_to(home)) for pattern in DRAFTS for p in home.glob(pattern))


def _parent(pid: int) -> int:
    """The parent of a process; 0 where it is gone, or dead and only not yet waited for."""
    try:
        state, parent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:2]
    except (OSError, ValueError):
        return 0
    return 0 if state in "ZX" else int(parent)


def _command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""
