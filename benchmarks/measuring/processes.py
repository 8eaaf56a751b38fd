"""What the clocks, /proc and the machine say: seconds, processor seconds, memory, load."""

import os
import platform
import resource
import threading
import time
from importlib.metadata import version
from pathlib import Path

MB = 1e6
PAGE = os.sysconf("SC_PAGE_SIZE")
TICKS = os.sysconf("SC_CLK_TCK")


class Clock:
    """Seconds since it was made: of waiting; of processors, with those of ended children."""

    def __init__(self):
        self.wall, self.cpu = time.perf_counter(), self.cpu_so_far()

    @staticmethod
    def cpu_so_far():
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        return time.process_time() + children.ru_utime + children.ru_stime

    def read(self):
        return {
            "seconds": time.perf_counter() - self.wall,
            "cpu": self.cpu_so_far() - self.cpu,
        }


class PeakMemory:
    """The peak of what a process and all below it hold together, looked at four times a second.

    Pages that processes share are counted in each: the sum is what a container would need at most.
    Nothing is measured where there is no /proc.
    """

    SECONDS_BETWEEN = 0.25

    def __init__(self, pid):
        self.pid, self.peak = pid, 0.0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._ended.set()
        self._thread.join()

    def _look(self):
        while not self._ended.wait(self.SECONDS_BETWEEN):
            held = sum(resident(pid) for pid in family(self.pid))
            self.peak = max(self.peak, held / MB)


def resident(pid):
    """Bytes of memory that a process holds; 0 once it is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0


def stat_of(pid):
    """The fields of /proc/PID/stat behind the name; none once the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def family(pid):
    """A process and all that descend from it."""
    found, waiting = [], [pid]
    while waiting:
        found.append(waiting.pop())
        for listed in Path(f"/proc/{found[-1]}/task").glob("*/children"):
            try:
                waiting += [int(child) for child in listed.read_text().split()]
            except OSError:  # it has ended meanwhile
                continue
    return found


def cpu_of(pid):
    """Processor seconds of a process so far; 0 where there is no /proc."""
    fields = stat_of(pid)
    return (int(fields[11]) + int(fields[12])) / TICKS if fields else 0.0


def processor():
    path = Path("/proc/cpuinfo")
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    named = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.processor() or platform.machine()


def machine(*libraries):
    """What ran it: cores, processor, load, versions; a figure without them says little."""
    versions = {"Python": platform.python_version()} | {name: version(name) for name in libraries}
    return {
        "cores": os.cpu_count(),
        "processor": processor(),
        "load": [round(x, 1) for x in os.getloadavg()],
        "versions": versions,
    }


def told_of_machine(described):
    """The same as a line of Markdown."""
    listed = ", ".join(f"{name} {number}" for name, number in described["versions"].items())
    load = ", ".join(f"{x:.1f}" for x in described["load"])
    return (
        f"{described['cores']} cores ({described['processor']}); load of the machine at the end"
        f" {load} (1, 5, 15 minutes). {listed}."
    )
