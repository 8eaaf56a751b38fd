"""Where a record comes from, and the order of everything.

The only package that knows Prefect. Start with `flows/refresh.py`.
"""

import atexit
import os
import sys

# Before NumPy is loaded: two steps run side by side, and a second thread of the matrix library
# would only take the core of the other one (four times the processor time, measured).
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def _end_without_words() -> None:
    """Nothing that is said after this one is heard: DuckDB's binding would report leaks.

    Prefect's threads still hold DuckDB's types when the interpreter is torn down. The command
    line leaves before that (`flows.cli.main`); the process of a deployed run is Prefect's.
    """
    sys.stderr.flush()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


if "PREFECT__FLOW_RUN_ID" in os.environ:  # the process that a worker starts for one run
    from flows.home.log_texts import keep_logs_presentable
    from flows.home.modes import keep_others_from_writing

    keep_logs_presentable()
    keep_others_from_writing()
    atexit.register(_end_without_words)
