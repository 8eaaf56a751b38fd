"""A home in which commands die, and what has to hold of it afterwards."""

import os
import random
import resource
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from flows.fetch.snapshots import SnapshotStore
from flows.home.paths import Home
from flows.home.writer_lock import only_writer
from tests.built_homes import BuiltHome
from tests.integration.processes import Command, drafts_in, running_command
from tests.processes import is_alive

ANOTHER = "0" * 64
"""The id that the published build seems to have, so that there is something to publish."""
COMPUTED = "steps/core.[uv]*"
"""Steps that are computed anew: seconds of work, of which all others follow."""
SIGNS = ("prefect/prefect.db", "snapshots/_incoming/*", "steps/*/.*", "builds/.*", ".warehouse.*")
"""What lies in a home while a command starts, fetches, computes, assembles and publishes."""
LONGEST = 900
"""Seconds after which a command is one that hangs; on a busy machine as well."""
_LARGE = 1 << 30


@dataclass(frozen=True)
class CrashingHome:
    """A copy of a built home, in which another build seems to be published.

    Attributes:
        path: The home.
        built: What it was copied from; its build is what every refresh has to end with.
        snapshots: What must never be lost.
    """

    path: Path
    built: BuiltHome
    snapshots: frozenset[str]

    @classmethod
    def of(cls, built: BuiltHome, prefect: Path, path: Path) -> "CrashingHome":
        """Copies a built home, and Prefect's database as it is installed."""
        for part in ("snapshots", "sample_world", "steps"):
            shutil.copytree(built.home / part, path / part)
        shutil.copytree(prefect, path / "prefect")
        home = cls(path, built, frozenset(snapshots_of(path)))
        home.publish_another()
        return home

    def publish_another(self) -> None:
        """Has the next refresh compute some steps, and publish."""
        for folder in self.path.glob(COMPUTED):
            shutil.rmtree(folder)
        warehouse = self.path / "warehouse.duckdb"
        shutil.copy(self.built.warehouse, warehouse)
        with duckdb.connect(str(warehouse)) as connection:
            connection.execute(f"UPDATE meta.builds SET build_id = '{ANOTHER}' WHERE is_current")

    @property
    def published(self) -> str:
        """The id of the published build; the file has to open."""
        with duckdb.connect(str(self.path / "warehouse.duckdb"), read_only=True) as connection:
            asked = "SELECT build_id FROM meta.builds WHERE is_current"
            ((build_id,),) = connection.execute(asked).fetchall()
        return str(build_id)

    @property
    def expected(self) -> str:
        """The id of the build that every refresh ends with."""
        return str(self.built.rows("SELECT build_id FROM meta.builds WHERE is_current")[0][0])

    @contextmanager
    def refresh(self, output: Path) -> Iterator[Command]:
        """`asymmetry refresh`, with a server of its own."""
        with running_command(self.path, "refresh", output=output) as command:
            yield command

    def has_lost_nothing(self) -> None:
        """Asserts what holds after every crash: of the file, the snapshots and the lock."""
        assert self.published in {ANOTHER, self.expected}
        assert snapshots_of(self.path) >= self.snapshots
        with only_writer(self.path):
            pass

    def ends_as_always(self, output: Path) -> None:
        """Asserts that the next refresh succeeds by itself, and leaves nothing half-made."""
        with self.refresh(output) as command:
            command.process.wait(LONGEST)
            assert command.process.returncode == 0, command.lines()[-20:]
        assert self.published == self.expected
        assert snapshots_of(self.path) >= self.snapshots
        # what a killed command was fetching stays for a day: another machine may be at it
        left = [name for name in drafts_in(self.path) if "_incoming" not in name]
        assert left == []


def snapshots_of(home: Path) -> set[str]:
    """Every snapshot of a home, each with the bytes that its name says."""
    store = SnapshotStore(Home.at(home).snapshots)
    found = set()
    for record in store.folder.glob("*/*/record.json"):
        snapshot = store.load(record.parent.name)
        store.verify(snapshot)
        found.add(snapshot.snapshot_id)
    return found


def kill_at_a_moment(command: Command, home: Path, seed: int) -> str:
    """Kills a command some time after a sign of what it is at; says which one."""
    draw = random.Random(seed)
    sign, late = draw.choice(SIGNS), draw.uniform(0, 1)
    deadline = time.monotonic() + LONGEST
    while command.process.poll() is None and not any(home.glob(sign)):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    time.sleep(late)
    command.note_descendants()
    command.process.send_signal(signal.SIGKILL)
    command.process.wait(180)
    return sign


def workers_of(command: Command) -> list[int]:
    """The processes of a command's pool that are alive and have begun."""
    command.note_descendants()
    words = command.seen.items()
    return [pid for pid, line in words if "spawn_main" in line and _size(pid) > _LARGE]


def server_of(command: Command) -> list[int]:
    """The temporary server of a command, if it is alive."""
    command.note_descendants()
    words = command.seen.items()
    return [pid for pid, line in words if "ephemeral_server" in line and is_alive(pid)]


@contextmanager
def no_more_memory(command: Command) -> Iterator[None]:
    """Grants the processes of its pool no more memory than each has, as it comes up."""
    ended = threading.Event()

    def starve() -> None:
        starved: set[int] = set()
        while not ended.is_set():
            for pid in set(workers_of(command)) - starved:
                try:
                    limit = _size(pid)
                    resource.prlimit(pid, resource.RLIMIT_AS, (limit, limit))
                except (OSError, ValueError):
                    continue
                starved.add(pid)
            ended.wait(0.02)

    thread = threading.Thread(target=starve)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def kill(find: Callable[[Command], list[int]], command: Command) -> int:
    """Kills the first process that is found, once there is one; its id."""
    command.wait_until(lambda: find(command), LONGEST)
    (process, *_) = find(command)
    os.kill(process, signal.SIGKILL)
    return process


def _size(pid: int) -> int:
    """Bytes of addresses that a process has; 0 where it is gone."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[0])
    except (OSError, IndexError):
        return 0
    return pages * resource.getpagesize()
