"""A process that has loaded Prefect and all flows once, and runs what it is asked to.

For tests of what a run does, not of how a process begins and ends: importing costs each of those
seconds, and a server of its own as much again.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.processes import ROOT, environment_of

LONGEST = 1800
"""Seconds after which a run is one that hangs."""

Done = subprocess.CompletedProcess[str]


@dataclass(frozen=True)
class LoadedProcess:
    """The process.

    Attributes:
        process: It, which runs `loaded_driver.py`.
        log: What it prints besides its answers.
    """

    process: "subprocess.Popen[str]"
    log: Path

    def asymmetry(self, home: Path, *words: str, **variables: str) -> Done:
        """Runs the command, as `tests.processes.asymmetry_process` does.

        Args:
            home: `$ASYMMETRY_HOME`.
            *words: Words after `asymmetry`.
            **variables: More of the environment.
        """
        return self._ask(words, home, variables, {"words": words})

    def call(self, home: Path, name: str, *arguments: Any, **variables: str) -> Done:
        """Calls a function, a flow for example, or runs a module, as `python` would.

        Args:
            home: `$ASYMMETRY_HOME`.
            name: `module:function`, or `module` alone.
            *arguments: What JSON can hold; words for a module.
            **variables: More of the environment.
        """
        asked = {"call": name, "with": arguments}
        return self._ask((name, *map(str, arguments)), home, variables, asked)

    def _ask(
        self, words: tuple[str, ...], home: Path, variables: dict[str, str], asked: dict[str, Any]
    ) -> Done:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        hangs = threading.Timer(LONGEST, self.process.kill)
        hangs.start()
        try:
            question = {"home": str(home), "variables": variables, **asked}
            self.process.stdin.write(json.dumps(question) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        finally:
            hangs.cancel()
        assert line, self.log.read_text("utf-8", "replace")[-3000:]
        return subprocess.CompletedProcess(words, *json.loads(line))


@contextmanager
def loaded_process(home: Path, api: str | None = None) -> Iterator[LoadedProcess]:
    """Starts the process, which ends with the block.

    Args:
        home: A home; Prefect's own files lie in it or beside it, as those of a command.
        api: Address of the Prefect server to use; None for one of its own.
    """
    log = home.with_name(f"{home.name} loaded process.log")
    with log.open("w") as complaints:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.integration.loaded_driver"],
            env=environment_of(home, api),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
        )
    try:
        yield LoadedProcess(process, log)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        try:
            process.wait(180)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)
