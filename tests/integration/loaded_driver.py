"""Runs commands and flows again and again in one process, which has loaded everything once.

Reads lines of JSON: a home, and the words of a command, a function (`module:function`) with its
arguments, or a module that is a program. Answers each with a line of JSON: exit code, standard
output, standard error. It is the command itself, on the server that its environment names, or on
one that it starts for all of them.
"""

import io
import json
import os
import sys
import traceback
from contextlib import redirect_stderr, redirect_stdout
from importlib import import_module
from runpy import run_module
from typing import Any

from flows.engine.memory import look_for_garbage_seldom

Answer = tuple[int, str, str]


def command(words: list[str]) -> Answer:
    """What a command answers."""
    from typer.testing import CliRunner

    from flows.cli.verbs import app

    done = CliRunner().invoke(app, words)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.stdout, done.stderr


def call(name: str, arguments: list[Any]) -> Answer:
    """What a function or a program prints; 1 and the traceback where it raises."""
    module, _, function = name.partition(":")
    said, complained, code = io.StringIO(), io.StringIO(), 0
    with redirect_stdout(said), redirect_stderr(complained):
        try:
            if function:
                getattr(import_module(module), function)(*arguments)
            else:
                sys.argv[1:] = arguments
                run_module(module, run_name="__main__")
        except Exception:
            traceback.print_exc()
            code = 1
    return code, said.getvalue(), complained.getvalue()


def main() -> None:
    """Answers until the input ends."""
    look_for_garbage_seldom()
    # whatever else writes to the standard output, a process of a flow too, is no answer
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    from flows.home.paths import Home
    from flows.runtime.prefect_config import prepare_prefect

    server = prepare_prefect(Home.from_environment())
    import flows.refresh  # noqa: F401 - it takes seconds, once

    if server:
        server.wait()
    before = dict(os.environ)
    for line in sys.stdin:
        asked = json.loads(line)
        os.environ |= {"ASYMMETRY_HOME": asked["home"], **asked["variables"]}
        done = command(asked["words"]) if "words" in asked else call(asked["call"], asked["with"])
        os.environ.clear()
        os.environ.update(before)
        answers.write(json.dumps(done) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
