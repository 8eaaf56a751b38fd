"""What a person sees while a run is at work: one line that moves, or a few plain ones.

In a terminal a bar with how many of how many, seconds left and what is being computed; in a pipe,
a file or CI a line now and then. What Prefect logs goes into `runs/` of the home; its warnings are
printed here, too. With --verbose its log is printed as it is, with --quiet neither.
"""

import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Column

from flows.cli import console
from flows.cli.screen import Screen
from flows.cli.wishes import is_quiet
from flows.home.paths import Home
from flows.home.run_progress import (
    ASSEMBLING,
    COMPUTING,
    FETCHING,
    PastSeconds,
    RunProgress,
    latest_progress,
    share_done,
)
from flows.home.run_record import latest_run
from flows.runtime.interrupts import outcome_so_far

_SECONDS_BETWEEN = 0.2
_SECONDS_BETWEEN_LINES = 10.0
_LINES_OF_A_STAGE = 8
_WIDTH_OF_BAR = 24
_MINUTE = 60
_STARTING = "starting"


@contextmanager
def shown_progress(home: Home, *, verbose: bool) -> Iterator[None]:
    """Shows how far the run is, until the block ends.

    Args:
        home: The home, which knows how long things took.
        verbose: Prefect's log is printed instead.
    """
    if verbose or is_quiet():
        yield
        return
    past, ended = PastSeconds.of(home), threading.Event()
    show = _show_bar if _is_for_a_person() else _show_lines
    thread = threading.Thread(target=show, args=(past, ended), name="progress", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


@contextmanager
def shown_warnings(*, verbose: bool) -> Iterator[None]:
    """Prints what a flow and its tasks warn of; call it when Prefect is configured."""
    if verbose:
        yield
        return
    handler, loggers = _Warnings(), [logging.getLogger(name) for name in _LOGGERS]
    for logger in loggers:
        logger.addHandler(handler)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(handler)


_LOGGERS = ("prefect.flow_runs", "prefect.task_runs")


class _Warnings(logging.Handler):
    """Prints warnings as they come. Errors end a run, and are said when it has ended."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.addFilter(lambda record: record.levelno < logging.ERROR)

    def emit(self, record: logging.LogRecord) -> None:
        console.err.print(f"warning: {record.getMessage()}", style="yellow", markup=False)


def _is_for_a_person() -> bool:
    terminal = console.err.is_terminal and not console.err.is_dumb_terminal
    return terminal and os.environ.get("CI", "").lower() not in ("1", "true")


def counts(progress: RunProgress) -> tuple[int, int | None]:
    """How many of how many are done in the stage that a run is at; None where there is no count."""
    if progress.stage == FETCHING:
        return progress.n_fetched, progress.n_sources
    if progress.stage:
        return len(progress.finished()), len(progress.steps)
    return 0, None


def doing(progress: RunProgress) -> str:
    """What a run is at, in words."""
    if progress.stage == FETCHING:
        return "fetching sources"
    if progress.stage == ASSEMBLING:
        return "assembling and checking the file"
    if progress.stage != COMPUTING:  # of what is no run, what would be kept says how far it is
        return (outcome_so_far() if latest_run() is None else None) or _STARTING
    waiting = [n for n, folder in progress.steps.items() if not folder.is_dir()]
    at = [n for n in waiting if share_done(progress.steps[n]) is not None]
    return ", ".join(at) or ("computing" if waiting else "finishing")


def in_words(seconds: float | None) -> str:
    """How long the rest takes."""
    if seconds is None:
        return ""
    if seconds < _MINUTE:
        return f"{max(1, round(seconds))} s left"
    return f"{round(seconds / _MINUTE)} min left"


def _left(progress: RunProgress, past: PastSeconds) -> str:
    return in_words(past.left(progress)) if progress.stage in (COMPUTING, ASSEMBLING) else ""


def _show_bar(past: PastSeconds, ended: threading.Event) -> None:
    # a console of its own: the other one wraps, and the bar must stay in one line
    terminal = Screen(stderr=True)
    cut = Column(no_wrap=True, overflow="ellipsis", ratio=1)
    columns = (
        BarColumn(_WIDTH_OF_BAR),
        TextColumn("{task.fields[count]}", table_column=Column(no_wrap=True), markup=False),
        TextColumn("{task.fields[left]}", table_column=Column(no_wrap=True), markup=False),
        TextColumn("{task.description}", table_column=cut, markup=False),
    )
    line = Progress(
        *columns,
        console=terminal,
        transient=True,
        auto_refresh=False,
        expand=True,
        redirect_stdout=False,
    )
    with line as bar:
        task = bar.add_task(_STARTING, total=None, count="", left="")
        while not ended.wait(_SECONDS_BETWEEN):
            progress = latest_progress()
            done, total = counts(progress)
            bar.update(
                task,
                completed=done,
                total=total,
                description=doing(progress),
                count=f"{done} of {total}" if total else "",
                left=_left(progress, past),
            )
            bar.refresh()


def _show_lines(past: PastSeconds, ended: threading.Event) -> None:
    stage, said_at, said = "", time.monotonic(), 0
    while not ended.wait(_SECONDS_BETWEEN):
        progress = latest_progress()
        done, total = counts(progress)
        if progress.stage != stage:
            stage, said_at, said = progress.stage, time.monotonic(), done
            _print_line(progress, done, total, _left(progress, past))
        elif not stage and time.monotonic() - said_at >= _MINUTE:
            said_at = time.monotonic()
            _print_line(progress, done, total, "")
        elif (
            total
            and time.monotonic() - said_at >= _SECONDS_BETWEEN_LINES
            and (done - said) * _LINES_OF_A_STAGE >= total
        ):
            said_at, said = time.monotonic(), done
            _print_line(progress, done, total, _left(progress, past))


def _print_line(progress: RunProgress, done: int, total: int | None, left: str) -> None:
    if progress.stage == FETCHING:
        text = f"Fetching {total} sources"
    elif progress.stage == COMPUTING:
        text = f"{done} of {total} steps are done" + (f", {left}" if left else "")
    else:
        text = doing(progress).capitalize()
    console.err.print(text, markup=False)
