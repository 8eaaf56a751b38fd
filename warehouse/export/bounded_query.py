"""Runs one query in a process of its own, which is ended when it passes its limits."""

import json
import select
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from warehouse.export.limits import LIMITS, BeyondLimitError, Limits, RefusedError, beyond
from warehouse.export.wanted import Answered, Opened, Wanted

OPENED = "opened"
"""The first word of the process: what follows is the query's own time."""
_SECONDS_TO_START = 60.0
"""For a process to begin, on a busy machine; no part of what the query may take."""
_SECONDS_TO_STOP = 1.0
"""For DuckDB to end a query by itself."""


class UnreadableError(RuntimeError):
    """The published file, or the machine, is at fault, not the query."""


class NotBegunError(RuntimeError):
    """The machine is too busy for the process of a query to begin; nothing was asked."""


def run_bounded(
    warehouse: Path, wanted: Wanted, opened: Callable[[Opened], None] = lambda _: None
) -> Answered:
    """Runs a query on the published file and writes its answer to `wanted.target`.

    Args:
        warehouse: The published file, which is opened for this query alone: a new publish is
            seen by the next.
        wanted: The query, its limits, and the file to write.
        opened: Learns what the file is, once it is open; an error of its own ends the query.

    Returns:
        How many rows were written.

    Raises:
        BeyondLimitError: It passed a limit, and was ended.
        RefusedError: The format does not hold the answer, or the statement has none.
        QueryError: DuckDB refuses the statement.
        UnreadableError: The published file cannot be read.
        NotBegunError: Its process has not begun in time.
        WarehouseMissingError: Nothing is published.
        OSError: The file cannot be written.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "warehouse.export.query_process"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        reply = _reply(process, warehouse, wanted, opened)
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
    return _answer(reply, warehouse)


def _reply(
    process: "subprocess.Popen[str]",
    warehouse: Path,
    wanted: Wanted,
    opened: Callable[[Opened], None],
) -> dict[str, Any]:
    """What the process says; made up where it cannot say anything any more."""
    limits = wanted.limits
    request = {
        "warehouse": str(warehouse),
        "sql": wanted.sql,
        "form": wanted.form,
        "target": str(wanted.target),
        "limits": limits.as_record(),
        "spreadsheet_safe": wanted.spreadsheet_safe,
        "n_shown": wanted.n_shown,
    }
    if process.stdin is None:
        raise AssertionError("the process has no standard input")
    with suppress(BrokenPipeError):
        process.stdin.write(f"{json.dumps(request)}\n")
        process.stdin.flush()  # it stays open: when it closes, the process ends
    line = _line(process, _SECONDS_TO_START)
    if line is None:
        raise NotBegunError(
            f"The process of the query has not begun within {_SECONDS_TO_START:.0f} s: the machine"
            " is busy. Nothing was asked; ask again."
        )
    reply = _read(line, process, limits)
    if reply["kind"] != OPENED:
        return reply
    only, build_id = tuple(reply["only"]), reply["build_id"]
    opened(Opened(reply["is_simulated"], only, reply["fault"], build_id))
    line = _line(process, limits.seconds + _SECONDS_TO_STOP)
    if line is None:
        return {"kind": "seconds", "message": str(beyond("seconds", limits))}
    return _read(line, process, limits)


def _read(line: str, process: "subprocess.Popen[str]", limits: Limits) -> dict[str, Any]:
    reply: dict[str, Any] = json.loads(line) if line else _of_dead(process, limits)
    return reply


def _line(process: "subprocess.Popen[str]", seconds: float) -> str | None:
    """The next line that a process writes; empty where it has ended, None when it takes too long.

    It writes short lines, each at once, so a line is whole when its first letter is there.
    """
    if process.stdout is None:
        raise AssertionError("the process has no standard output")
    if not select.select([process.stdout], [], [], seconds)[0]:
        return None
    return process.stdout.readline()


def _of_dead(process: "subprocess.Popen[str]", limits: Limits) -> dict[str, Any]:
    """What is said of a process that has ended without a word."""
    code = process.wait()
    if code < 0:  # killed by the system, or by a library that could not go on
        return {"kind": "memory", "message": str(beyond("memory", limits))}
    return {"kind": "broken", "message": f"the process of the query ended with code {code}"}


def _answer(reply: dict[str, Any], warehouse: Path) -> Answered:
    kind, message = reply["kind"], reply.get("message", "")
    if kind == "answered":
        return Answered(reply["n_rows"], reply["is_cut"])
    if kind in LIMITS:
        raise BeyondLimitError(message, kind)
    from warehouse.db import QueryError, WarehouseMissingError  # here: an answer needs no DuckDB

    if kind == "missing":
        raise WarehouseMissingError(warehouse)
    if kind == "disk":
        raise OSError(message)
    raise {"refused": RefusedError, "sql": QueryError}.get(kind, UnreadableError)(message)
