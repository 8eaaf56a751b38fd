"""The command `asymmetry`: runs a verb, answers signals meanwhile, and leaves quietly."""

import atexit
import os
import sys

from flows.runtime.interrupts import run_interruptibly, say_when_interrupted


def main() -> None:
    """Runs the command, and leaves quietly.

    Prefect's threads still hold DuckDB's types when the interpreter is torn down, and DuckDB's
    binding would report them as leaks, a screenful of it. So what is registered to run at exit
    is run here, and the process ends without tearing anything down.
    """
    begun = "published" if "refresh" in sys.argv[1:2] else "changed"
    say_when_interrupted(lambda: f"nothing was {begun}")  # until the verb says more
    code = run_interruptibly(_run_verb)
    if "prefect" not in sys.modules:
        raise SystemExit(code)
    if isinstance(code, str):
        print(code, file=sys.stderr)
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else int(code is not None))


def _run_verb() -> None:
    from flows.cli.verbs import app  # here, so that an interrupt meanwhile is answered, too

    app()


if __name__ == "__main__":
    main()
