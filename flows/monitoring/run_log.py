"""One line of JSON per log line of a run, with the ids of run and build, for programs.

`$ASYMMETRY_HOME/runs/<run>.log.jsonl` holds what the flow and its tasks logged in this process,
from when the writer lock was taken.
"""

import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from flows.home.paths import Home
from flows.home.run_record import RunRecord
from flows.home.secrets import presentable

LOGGERS = ("prefect.flow_runs", "prefect.task_runs")


class _JsonLines(logging.Handler):
    def __init__(self, record: RunRecord, home: Home) -> None:
        home.runs.mkdir(parents=True, exist_ok=True)
        self._run = record
        self._file = (home.runs / f"{record.name}.log.jsonl").open("a", encoding="utf-8")
        super().__init__(logging.INFO)  # last: logging closes at exit what it knows

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = {
                "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
                "level": record.levelname,
                "run": self._run.name,
                "build": self._run.details.get("build_id"),
                "flow_run_id": getattr(record, "flow_run_id", None),
                "task": getattr(record, "task_run_name", None),
                "message": presentable(record.getMessage()),
            }
            if record.exc_info and record.exc_info[1]:
                line["error"] = presentable(repr(record.exc_info[1]))
            self._file.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")
            self._file.flush()
        except Exception:
            self.handleError(record)

    def close(self) -> None:
        self._file.close()
        super().close()


@contextmanager
def logged_run(record: RunRecord, home: Home, names: Sequence[str] = LOGGERS) -> Iterator[None]:
    """Writes what flow and tasks log meanwhile, one line of JSON each.

    Args:
        record: The run; its build id stands in the lines from when it is known.
        home: The home.
        names: Loggers to listen to.
    """
    handler = _JsonLines(record, home)
    loggers = [logging.getLogger(name) for name in names]
    for logger in loggers:
        logger.addHandler(handler)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(handler)
        handler.close()
