"""Runs `asymmetry` of a checkout as a person would, and says how long that took."""

import os
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from statistics import median

from measuring.processes import PeakMemory


class Program:
    """The command line of a checkout, imports and all.

    Args:
        checkout: A folder with the project; it need not be the one that measures.
    """

    def __init__(self, checkout):
        self.checkout = Path(checkout).resolve()
        declared = tomllib.loads((self.checkout / "pyproject.toml").read_text("utf-8"))
        module, _, function = declared["project"]["scripts"]["asymmetry"].partition(":")
        # what the installed script does
        self.code = f"import sys; from {module} import {function}; sys.exit({function}())"

    def start(self, home, *arguments, api=""):
        """Starts a command in a session of its own, as a terminal would; its process."""
        names = {"ASYMMETRY_HOME": str(home), "PYTHONPATH": str(self.checkout)}
        kept = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
        served = {"PREFECT_API_URL": api} if api else {}
        return subprocess.Popen(
            [sys.executable, "-c", self.code, *arguments],
            env=kept | names | served,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=self.checkout,
            start_new_session=True,
        )

    def run(self, home, *arguments, api="", expected=""):
        """Runs a command to its end.

        Args:
            home: `ASYMMETRY_HOME`.
            *arguments: Of the command.
            api: Address of a Prefect server; without one the command does as it does alone.
            expected: Words that it has to print, or nothing was measured.

        Returns:
            `seconds`, `cpu` (with its children, without a server that was up) and `peak_mb`.
        """
        began = time.perf_counter()
        process = self.start(home, *arguments, api=api)
        with PeakMemory(process.pid) as memory:
            printed = process.stdout.read()
            _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode or expected not in printed:
            raise SystemExit(f"asymmetry {' '.join(arguments[:4])}: {printed[-2000:]}")
        cpu = usage.ru_utime + usage.ru_stime
        return {"seconds": seconds, "cpu": cpu, "peak_mb": memory.peak}

    def medians(self, times, home, *arguments, api="", expected=""):
        """The same a few times; the median of each figure."""
        runs = [self.run(home, *arguments, api=api, expected=expected) for _ in range(times)]
        return {of: median(run[of] for run in runs) for of in runs[0]} | {"runs": times}

    def interrupted(self, home, *arguments, after):
        """Seconds from Ctrl-C to the prompt, pressed as soon as `after()` holds."""
        process = self.start(home, *arguments)
        while process.poll() is None and not after():
            time.sleep(0.1)
        began = time.perf_counter()
        os.killpg(process.pid, signal.SIGINT)
        printed, _ = process.communicate()
        seconds = time.perf_counter() - began
        if process.returncode != 130:
            raise SystemExit(
                f"a run that was interrupted ended with {process.returncode}: {printed}"
            )
        return {"seconds": seconds}
