"""The command `asymmetry`: runs a verb, answers signals meanwhile, and leaves quietly."""

import atexit
import logging
import os
import sys
from contextlib import suppress

from flows.cli.standard_output import fault_of_output, prepare_output
from flows.engine.memory import look_for_garbage_seldom
from flows.home.modes import keep_others_from_writing
from flows.runtime.interrupts import run_interruptibly, say_when_interrupted

_SECONDS_TO_SEND = 5.0


def main() -> None:
    """Runs the command, and leaves quietly.

    Prefect's threads still hold DuckDB's types when the interpreter is torn down, and DuckDB's
    binding would report them as leaks, a screenful of it. So what is registered to run at exit
    is run here, and the process ends without tearing anything down.
    """
    look_for_garbage_seldom()
    keep_others_from_writing()
    prepare_output()
    begun = "published" if "refresh" in sys.argv[1:2] else "changed"
    say_when_interrupted(lambda: f"nothing was {begun}")  # until the verb says more
    code: int | str | None = 1
    error = None
    try:
        code = run_interruptibly(_run_verb)
    except Exception as raised:
        error = raised
    fault = fault_of_output()
    if fault is not None:
        code = code or 1
    if fault:
        from flows.cli.unexpected import standing_in_words

        print(f"{fault} As it stands: {standing_in_words()}.", file=sys.stderr)
    elif error is not None and fault is None:
        from flows.cli.unexpected import unexpected_message

        code = unexpected_message(error)
    if "prefect" not in sys.modules:
        raise SystemExit(code)
    if isinstance(code, str):
        print(code, file=sys.stderr)
    with suppress(Exception):
        _send_what_is_left()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else int(code is not None))


def _send_what_is_left() -> None:
    """Prefect sends logs and events in batches, from threads that the server must not precede."""
    from prefect.logging.handlers import APILogWorker

    for name in ("APILogWorker", "EventsWorker"):
        # they warn of each item that is left, which is what they are asked to send
        logging.getLogger(name).setLevel(logging.ERROR)
    APILogWorker.drain_all(timeout=_SECONDS_TO_SEND)  # of events as well


def _run_verb() -> None:
    from flows.cli.verbs import app  # here, so that an interrupt meanwhile is answered, too

    app()


if __name__ == "__main__":
    main()
