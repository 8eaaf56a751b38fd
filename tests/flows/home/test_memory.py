"""Memory that does not suffice is told in one way, whichever library was refused it."""

import errno
import multiprocessing
import os
import resource
import signal
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import duckdb
import numpy as np
import pytest

from flows.home.memory import lacks_memory, no_memory_message
from flows.home.paths import Home

MEGABYTE = 1 << 20


def in_little_memory(what: str) -> None:
    """Asks for more than there is; in a process of its own."""
    with Path("/proc/self/statm").open() as file:
        used = int(file.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + 64 * MEGABYTE,) * 2)
    if what == "numpy":
        np.ones(512 * MEGABYTE)
    elif what == "python":
        bytearray(512 * MEGABYTE)
    else:
        os.kill(os.getpid(), signal.SIGKILL)  # as the system does


@pytest.mark.parametrize("what", ["numpy", "python", "killed"])
def test_a_process_that_gets_no_memory_is_known_for_that(what: str) -> None:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        error = pool.submit(in_little_memory, what).exception(60)
    assert error is not None
    assert lacks_memory(error)


def test_a_database_that_gets_no_memory_is_known_for_that() -> None:
    with duckdb.connect() as connection:
        connection.execute("SET memory_limit = '8MB'; SET temp_directory = ''")
        with pytest.raises(duckdb.Error) as caught:
            connection.execute("SELECT list(a ORDER BY b) FROM range(9000000) t(a), range(1) u(b)")
    assert lacks_memory(caught.value)


def test_so_is_what_led_to_an_error_and_nothing_else_is() -> None:
    refused = RuntimeError("a step failed")
    refused.__cause__ = OSError(errno.ENOMEM, "Cannot allocate memory")
    assert lacks_memory(refused)
    assert not lacks_memory(OSError(errno.ENOSPC, "No space left on device"))
    assert not lacks_memory(ValueError("memory"))


def test_the_message_says_what_is_kept_and_what_to_do(tmp_path: Path) -> None:
    home = Home.at(tmp_path)
    said = no_memory_message(home, "3 of 9 steps are kept, nothing was published", "too little")
    assert said.startswith("Memory does not suffice (too little). 3 of 9 steps are kept, nothing")
    assert "nothing was published. A build of the real files takes about 4 GB" in said
    assert said.endswith("run the command again: it goes on with what is finished.")
