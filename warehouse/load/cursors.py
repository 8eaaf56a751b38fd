"""Several connections to one build file, for work of which two pieces can be done at a time."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import TypeVar

import duckdb

Connection = duckdb.DuckDBPyConnection
Item = TypeVar("Item")
Result = TypeVar("Result")

AT_ONCE = 2
"""As many as a build has processors."""


def map_on_cursors(
    connection: Connection,
    function: Callable[[Connection, Item], Result],
    items: Sequence[Item],
    at_once: int = AT_ONCE,
) -> list[Result]:
    """Calls a function for each item, several at a time.

    Args:
        connection: Connection to the database that they use; not inside a transaction.
        function: Takes a connection of its own to that database, and an item.
        items: In the order in which they are begun.
        at_once: How many at a time.

    Returns:
        What the function returns, in the order of the items.

    Raises:
        Exception: The first item's, in their order; what has not begun by then is left.
    """
    ((database,),) = connection.execute("SELECT current_database()").fetchall()
    free: SimpleQueue[Connection] = SimpleQueue()
    cursors = [connection.cursor() for _ in range(at_once)]
    for cursor in cursors:
        cursor.execute(f'USE "{database}"')
        free.put(cursor)

    def call(item: Item) -> Result:
        cursor = free.get()
        try:
            return function(cursor, item)
        finally:
            free.put(cursor)

    try:
        with ThreadPoolExecutor(at_once) as pool:
            return list(pool.map(call, items))
    finally:
        for cursor in cursors:
            cursor.close()
