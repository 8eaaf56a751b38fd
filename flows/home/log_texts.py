"""Whatever is logged is presentable, wherever it goes: terminal, server, files.

Prefect logs what ends a run with its traceback, and libraries log as they like. So every record is
looked at when it is made.
"""

import logging
from typing import Any

from flows.home.secrets import presentable

_MARK = "makes_presentable"


def keep_logs_presentable() -> None:
    """From now on no record of a log has a secret in it, or a character that acts on a terminal."""
    make = logging.getLogRecordFactory()
    if hasattr(make, _MARK):
        return

    def make_record(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        _make_presentable(record)
        return record

    setattr(make_record, _MARK, True)
    logging.setLogRecordFactory(make_record)


def _make_presentable(record: logging.LogRecord) -> None:
    try:
        text = record.getMessage()
    except (TypeError, ValueError):  # for whoever prints the record to say
        return
    if (shown := presentable(text)) != text:  # others keep their arguments, which some read
        record.msg, record.args = shown, None
    if record.exc_info and record.exc_info[1]:
        trace = logging.Formatter().formatException(record.exc_info)
        if (shown := presentable(trace)) != trace:
            record.exc_text = shown  # which every formatter takes in the place of its own
