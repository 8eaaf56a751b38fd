"""Ctrl-C, SIGTERM and a closed terminal end a command within two seconds, with one line.

Python answers signals in its first thread, and would let that one finish what it is at: a long
computation in C, or waiting for a worker. Then a KeyboardInterrupt would travel through Prefect,
which logs it at length. So the command runs in a second thread, and the first one has nothing to
do but to answer: it decides what the run's record says, tells what is kept, ends the processes
that the command has started, and leaves. A full disk ends a command in the same way.

What runs after a signal imports nothing: the command's thread may hold the lock of an import.
"""

import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType

from flows.home.drafts import forbid_drafts, remove_incoming
from flows.home.output_file import remove_partials
from flows.home.paths import Home
from flows.home.run_record import end_run, remove_own_drafts
from flows.runtime.flow_run_state import tell_server_of_end

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_FROM_TERMINAL = {signal.SIGINT, signal.SIGHUP}
_SECONDS_TO_END = 1.7
_SECONDS_BETWEEN_CLAIMS = 0.2
_ROUNDS = 3
_STACK_BYTES = 16 << 20  # what a first thread has by default; others have 512 KB on macOS

_ending = threading.Lock()
_outcome: Callable[[], str] | None = None
_servers: list["subprocess.Popen[bytes]"] = []


def run_interruptibly(command: Callable[[], None]) -> int | str | None:
    """Runs a command in a second thread, while this one answers signals.

    A signal that is ignored when the command starts stays so: SIGHUP under `nohup`.

    Args:
        command: What to run. Signals that a terminal sends do not reach the processes that it
            starts.

    Returns:
        The exit code, as SystemExit has it.

    Raises:
        BaseException: What the command has raised.
    """
    # The system hands a signal to any thread; this one is woken through a pipe, and answers it.
    waking, written = os.pipe()
    os.set_blocking(written, False)
    signal.set_wakeup_fd(written, warn_on_full_buffer=False)
    answered = [n for n in SIGNALS if signal.getsignal(n) is not signal.SIG_IGN]
    _claim(answered)
    code: int | str | None = 0
    error: BaseException | None = None

    def run() -> None:
        nonlocal code, error
        shield_children()
        try:
            command()
        except SystemExit as stop:
            code = stop.code
        except BaseException as raised:
            error = raised
        finally:
            os.write(written, b"\0")

    before = threading.stack_size(_STACK_BYTES)
    thread = threading.Thread(target=run, name="command")
    thread.start()
    threading.stack_size(before)
    while thread.is_alive():
        if not select.select([waking], [], [], _SECONDS_BETWEEN_CLAIMS)[0]:
            _claim(answered)
        elif b"\0" in os.read(waking, 64):
            thread.join()
    if error is not None:
        raise error
    return code


def _claim(signals: Sequence[signal.Signals]) -> None:
    """Has signals answered here, again after a library has set a handler of its own.

    Polars does when it is imported, in C, where nobody sees it: an interrupt would be raised as
    an error in whatever thread is computing, which Prefect logs as a crash.
    """
    for number in signals:
        signal.signal(number, _answer)


def shield_children() -> None:
    """Keeps what a terminal sends from processes that this thread starts: they inherit it.

    An interrupt is the command's to answer; a traceback of each of its processes says nothing.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, _FROM_TERMINAL)


def begin_resource_tracker() -> None:
    """Begins the process that multiprocessing keeps its semaphores with, before others begin.

    It outlives a command that is ended, removes its semaphores and would complain of them. And
    beginning it undoes `shield_children` (CPython issue, until 3.12), which is done again here.
    """
    from multiprocessing import resource_tracker

    before = os.environ.get("PYTHONWARNINGS")
    quiet = "ignore:resource_tracker"
    os.environ["PYTHONWARNINGS"] = f"{before},{quiet}" if before else quiet
    resource_tracker.ensure_running()
    if before is None:
        del os.environ["PYTHONWARNINGS"]
    else:
        os.environ["PYTHONWARNINGS"] = before
    if threading.current_thread() is not threading.main_thread():
        shield_children()


def say_when_interrupted(outcome: Callable[[], str] | None) -> None:
    """Sets what is said if the command is interrupted from now on.

    Args:
        outcome: Says what is kept, in words without a full stop; it may look at files, and must
            not import. None where there is nothing to say, or the record of a run says it.
    """
    global _outcome  # noqa: PLW0603 - a process is at one command; signals have no arguments
    _outcome = outcome


def outcome_so_far() -> str | None:
    """What would be said if the command were interrupted now; None where nothing was set."""
    return _outcome() if _outcome else None


def end_with_command(process: "subprocess.Popen[bytes]") -> None:
    """Has a process ended when the command is interrupted; those of pools are known anyway."""
    _servers.append(process)


def end_command(code: int, message: Callable[[str], str], result: str) -> None:
    """Ends the command from any thread; comes back only where another thread is doing it.

    Args:
        code: The exit code.
        message: Makes what is printed of the outcome in words, which may be empty.
        result: What a run is recorded as, unless it has published.
    """
    if not _ending.acquire(blocking=False):
        return
    standard_error = _silence()
    leaving = threading.Lock()

    def leave(text: str) -> None:
        if not leaving.acquire(blocking=False):
            return
        with suppress(OSError):
            os.write(standard_error, f"{text}\n".encode())
        for _ in range(_ROUNDS):  # other threads may be starting some
            for child in _children():
                _send(child, signal.SIGKILL)
        os._exit(code)

    # whatever hangs: a disk, a server, the lock of the record
    late = threading.Timer(_SECONDS_TO_END, leave, [message("")])
    late.daemon = True
    late.start()
    for child in _children() - _servers_ids():
        # not ended yet: the command's threads would notice, and start others
        _send(child, signal.SIGSTOP)
    text = message(_decide(message, result))
    with suppress(Exception):
        tell_server_of_end(result, text)
    with suppress(Exception):
        remove_own_drafts()
        remove_partials()
        remove_incoming(Home.from_environment())
    leave(text)


def _answer(number: int, _: FrameType | None) -> None:
    end_command(128 + number, _interrupted, "cancelled")


def _interrupted(outcome: str) -> str:
    return f"Interrupted; {outcome}." if outcome else "Interrupted."


def _decide(message: Callable[[str], str], result: str) -> str:
    """What is kept, in words; from now on the command changes nothing that counts."""
    try:
        said = _outcome() if _outcome else None
        error = None if result == "cancelled" else message("")
        forbid_drafts()
        of_run = end_run(result, error)
        return of_run or said or ""
    except Exception:
        return ""


def _silence() -> int:
    """Sends what other threads still print to nowhere.

    Returns:
        A descriptor of standard error.
    """
    standard_error = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    with suppress(OSError):
        if os.isatty(standard_error):  # a progress bar has hidden the cursor, and stands there
            os.write(standard_error, b"\r\x1b[2K\x1b[?25h")
    return standard_error


def _children() -> set[int]:
    """The processes that this one has started, those that nobody has been told of yet as well.

    Without the one that removes multiprocessing's semaphores: it has that to do, and leaves then.
    """
    process = sys.modules.get("multiprocessing.process")  # not imported: there are none
    try:
        pools = {child.pid for child in process.active_children()} if process else set()
    except Exception:  # they are counted while another thread starts one
        pools = set()
    tracker = sys.modules.get("multiprocessing.resource_tracker")
    kept = {tracker._resource_tracker._pid} if tracker else set()
    return {child for child in pools | _servers_ids() | _children_by_system() if child} - kept


def _children_by_system() -> set[int]:
    """What the system knows, where it says: a pool counts a process once it has begun."""
    found: set[int] = set()
    for listed in Path("/proc/self/task").glob("*/children"):
        with suppress(OSError):
            found |= {int(child) for child in listed.read_text().split()}
    return found


def _servers_ids() -> set[int]:
    return {server.pid for server in _servers if server.returncode is None}


def _send(process: int, number: signal.Signals) -> None:
    with suppress(OSError):
        os.kill(process, number)
