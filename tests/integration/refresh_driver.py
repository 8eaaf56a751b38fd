"""Runs `asymmetry refresh` again and again in one process, which has loaded everything once.

Reads lines of JSON (the words of a command), answers each with a line of JSON (exit code, what was
printed). It is the command itself, on a server that it starts for all of them.
"""

import json
import sys


def main() -> None:
    """Answers until the input ends."""
    from flows.home.paths import Home
    from flows.runtime.prefect_config import prepare_prefect

    server = prepare_prefect(Home.from_environment())
    from typer.testing import CliRunner

    import flows.refresh  # noqa: F401 - it takes seconds, once
    from flows.cli.verbs import app

    if server:
        server.wait()
    answers = sys.stdout
    for line in sys.stdin:
        done = CliRunner().invoke(app, json.loads(line))
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        answers.write(json.dumps([done.exit_code, done.stdout, done.stderr]) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
