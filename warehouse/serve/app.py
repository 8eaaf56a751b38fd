"""The application: pages, answers to SQL as JSON, downloads, and the report of the build."""

import asyncio
import json
import mimetypes
import tempfile
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from warehouse.catalog.builds import current_build
from warehouse.catalog.ready_queries import ready_queries
from warehouse.db import QueryError, WarehouseMissingError, read_published
from warehouse.export.bounded_query import NotBegunError, UnreadableError, run_bounded
from warehouse.export.limits import Limits, RefusedError
from warehouse.export.shown import read_shown
from warehouse.export.wanted import FORMATS, SHOWN, Answered, Wanted
from warehouse.serve.protection import Protection

LIMITS = Limits(seconds=10, memory_mb=1024, rows=100_000, cut=True, file_mb=256)
"""What one query of a page may use."""
_ROWS_SHOWN = 1_000
_QUERIES_AT_ONCE = 2
_SECONDS_TO_WAIT = 20.0
_MOST_BYTES_OF_SQL = 100_000
_LONGEST_CELL = 2_000
_NOT_NOW = (UnreadableError, WarehouseMissingError, NotBegunError)
"""What is no fault of a query."""

Site = Callable[[], Mapping[str, str]]
"""The files of the report of what is published now: path to text."""


@dataclass(frozen=True)
class _Warehouse:
    """The published file, and how many may ask it at once."""

    path: Path
    turns: asyncio.Semaphore

    async def ask(self, wanted: Wanted) -> Answered:
        """Runs a query within its limits, after those that are ahead.

        Raises:
            RefusedError: Too many are ahead, or the query is refused.
            QueryError: DuckDB refuses it.
            UnreadableError: The file cannot be read.
            NotBegunError: The machine is too busy.
            OSError: The answer cannot be written.
        """
        try:
            await asyncio.wait_for(self.turns.acquire(), _SECONDS_TO_WAIT)
        except TimeoutError as error:
            raise RefusedError("Other queries are running. Ask again in a moment.") from error
        try:
            return await run_in_threadpool(run_bounded, self.path, wanted)
        finally:
            self.turns.release()


def make_app(warehouse: Path, site: Site, names: Collection[str] = ()) -> Starlette:
    """The application.

    The published file is opened for each request anew, so a new publish is seen at once.

    Args:
        warehouse: The published file.
        site: Makes the report of what is published; it may take a minute the first time.
        names: Host names that the server answers to, besides addresses and localhost.
    """
    held = _Warehouse(warehouse, asyncio.Semaphore(_QUERIES_AT_ONCE))

    async def page(_: Request) -> Response:
        return Response(await run_in_threadpool(_page, warehouse), media_type="text/html")

    async def schema(_: Request) -> Response:
        return JSONResponse(await run_in_threadpool(_schema, warehouse))

    async def query(request: Request) -> Response:
        return await _answered(request, held, _shown)

    async def download(request: Request) -> Response:
        return await _answered(request, held, _downloaded)

    async def report(request: Request) -> Response:
        found = await run_in_threadpool(site)
        path = request.path_params["path"] or "index.html"
        if path not in found:
            return Response("There is no such page.\n", 404, media_type="text/plain")
        return Response(found[path], media_type=mimetypes.guess_type(path)[0] or "text/plain")

    async def to_report(_: Request) -> Response:
        return RedirectResponse("/report/index.html")

    return Starlette(
        routes=[
            Route("/", page),
            Route("/sql.js", _asset("sql.js")),
            Route("/sql.css", _asset("sql.css")),
            Route("/schema", schema),
            Route("/query", query, methods=["POST"]),
            Route("/download", download, methods=["POST"]),
            Route("/report/", to_report),
            Route("/report/{path:path}", report),
        ],
        middleware=[Middleware(Protection, names=names)],
    )


def _asset(name: str) -> Callable[[Request], Any]:
    async def answer(_: Request) -> Response:
        text = (files("warehouse") / "serve" / "assets" / name).read_text("utf-8")
        return Response(text, media_type=mimetypes.guess_type(name)[0])

    return answer


def _page(warehouse: Path) -> str:
    """The page with the box: which build it is, the ready queries; every text is escaped."""
    build, trouble = None, ""
    try:
        with read_published(warehouse) as connection:
            build = current_build(connection)
    except (QueryError, WarehouseMissingError) as error:
        trouble = str(error)
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    text = (files("warehouse") / "serve" / "assets" / "sql.html").read_text("utf-8")
    return environment.from_string(text).render(
        build=build,
        trouble=trouble,
        queries=list(ready_queries().values()),
        formats=[form for form in FORMATS if form != "json"],
        limits=LIMITS,
    )


def _schema(warehouse: Path) -> list[dict[str, Any]]:
    """Tables and views with their columns, from the comments of the file."""
    try:
        with read_published(warehouse) as connection:
            rows = connection.execute(
                """
                SELECT CASE WHEN schema_name = 'main' THEN '' ELSE schema_name || '.' END
                       || table_name, column_name, data_type, coalesce(comment, '')
                FROM duckdb_columns()
                WHERE NOT internal AND NOT ends_with(table_name, '__stored')
                ORDER BY schema_name <> 'main', 1, column_index
                """
            ).fetchall()
    except (QueryError, WarehouseMissingError):
        return []
    tables: dict[str, list[list[str]]] = {}
    for table, *column in rows:
        tables.setdefault(table, []).append(column)
    return [{"table": table, "columns": columns} for table, columns in tables.items()]


async def _answered(request: Request, held: _Warehouse, answer: Any) -> Response:
    """The answer to a request with SQL in JSON, or what is wrong with it, in words."""
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        return JSONResponse({"error": "Send JSON."}, 415)
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _MOST_BYTES_OF_SQL:
            return JSONResponse({"error": "That is too long a statement."}, 413)
    try:
        asked = json.loads(body)
        sql, form = str(asked["sql"]), str(asked.get("format", "csv"))
    except (ValueError, KeyError, TypeError, AttributeError):
        return JSONResponse({"error": 'Send {"sql": "SELECT …"}.'}, 400)
    try:
        found: Response = await answer(held, sql, form)
    except (RefusedError, QueryError, *_NOT_NOW, OSError) as error:
        return JSONResponse({"error": str(error)}, _status(error))
    return found


def _status(error: Exception) -> int:
    """The status of HTTP for what went wrong: with the file, with the query, or with the disk."""
    if isinstance(error, _NOT_NOW):
        return 503
    return 422 if isinstance(error, RefusedError | QueryError) else 507


async def _shown(held: _Warehouse, sql: str, _: str) -> Response:
    """The first rows as text, with the number of all."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows"
        answered = await held.ask(Wanted(sql, SHOWN, path, LIMITS, n_shown=_ROWS_SHOWN))
        shown = read_shown(path)
    return JSONResponse(
        {
            "columns": shown.columns,
            "numeric": shown.numeric,
            "rows": [[_cell(value) for value in row] for row in shown.rows],
            "n_rows": answered.n_rows,
            "is_cut": answered.is_cut,
            "seconds": round(time.monotonic() - began, 2),
        }
    )


def _cell(value: object) -> str | None:
    if value is None:
        return None
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return text if len(text) <= _LONGEST_CELL else f"{text[:_LONGEST_CELL]}…"


async def _downloaded(held: _Warehouse, sql: str, form: str) -> Response:
    """The answer as a file, which is removed once it is sent."""
    if form not in FORMATS:
        return JSONResponse({"error": f"Formats are {', '.join(FORMATS)}."}, 400)
    folder = tempfile.TemporaryDirectory()
    path = Path(folder.name) / f"answer.{form}"
    try:
        answered = await held.ask(Wanted(sql, form, path, LIMITS, spreadsheet_safe=form == "csv"))
    except BaseException:
        folder.cleanup()
        raise
    headers = {"X-Rows": str(answered.n_rows), "X-Cut": str(answered.is_cut).lower()}
    return FileResponse(
        path, filename=path.name, headers=headers, background=BackgroundTask(folder.cleanup)
    )
