"""Property: to publish is atomic; whoever reads meanwhile has one build or the other, whole."""

import threading
from pathlib import Path

import duckdb

from warehouse.db import read_published, write_build
from warehouse.swap_in import swap_in

N_PUBLISHES, N_READERS, N_READS, N_ROWS = 8, 3, 5, 2_000
TABLES = ("figures", "identity")


def build(path: Path, number: int) -> Path:
    """A build whose two tables and every row of them say which one it is."""
    with write_build(path) as connection:
        for table in TABLES:
            connection.execute(f"CREATE TABLE {table} AS SELECT {number} AS n FROM range({N_ROWS})")
    return path


def test_a_reader_never_has_a_half_of_a_build_or_none(tmp_path: Path) -> None:
    target, over = tmp_path / "warehouse.duckdb", threading.Event()
    swap_in(build(tmp_path / "first", 0), target)
    seen: list[list[set[tuple[int, int]]]] = [[] for _ in range(N_READERS)]
    faults: list[str] = []

    def read(mine: list[set[tuple[int, int]]]) -> None:
        while not over.is_set():
            try:
                with read_published(target) as connection:
                    sql = "SELECT n, count(*) FROM {} GROUP BY n"
                    tables = [connection.execute(sql.format(t)).fetchall() for t in TABLES]
                    mine.append({row for rows in tables for row in rows})
            except (duckdb.Error, OSError) as error:
                faults.append(repr(error))
            over.wait(0.001)

    readers = [threading.Thread(target=read, args=(mine,)) for mine in seen]
    for reader in readers:
        reader.start()
    number = 0
    while number < N_PUBLISHES or min(map(len, seen)) < N_READS:  # a busy machine is slow to read
        swap_in(build(tmp_path / "next", number := number + 1), target)
    over.set()
    for reader in readers:
        reader.join()
    with read_published(target) as connection:
        last = connection.execute("SELECT DISTINCT n FROM figures").fetchall()
    assert faults == []
    for mine in seen:
        for found in mine:
            ((of_build, n_rows),) = found
            assert n_rows == N_ROWS
            assert 0 <= of_build <= number
    assert last == [(number,)]
