"""`asymmetry serve`: a local page to ask the warehouse in SQL, with downloads and the report."""

import ipaddress
import socket
import threading
from collections.abc import Mapping
from typing import Annotated

import typer

from flows.cli import console
from flows.cli.options import current_home
from flows.cli.published import opened
from flows.home.paths import Home
from flows.reports.site_texts import site_texts
from flows.runtime.interrupts import say_when_interrupted
from warehouse.catalog.builds import current_build
from warehouse.db import read_published

app = typer.Typer(rich_markup_mode="markdown")


@app.command(epilog="Example: `asymmetry serve`, then open the address that it prints")
def serve(
    host: Annotated[
        str, typer.Option(help="Address to listen on; others than loopback let the network in.")
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(help="Port; 0 takes one that is free.", min=0, max=65535)
    ] = 8642,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(help="A name that the server answers to, besides addresses and localhost."),
    ] = None,
) -> None:
    """Serve a page with a box for SQL, downloads and the report, on this machine."""
    import uvicorn

    from warehouse.serve.app import make_app

    home = current_home()
    with opened(home.warehouse):
        pass  # says whether there is one, and whether it is simulated
    if not _is_loopback(host):
        console.err.print(
            f"WARNING: {host} is no loopback address. Everybody who reaches this machine can read"
            " the whole warehouse, there is no password, and the data may not be yours to pass on"
            " (DATA_LICENSES.md).",
            style="bold red",
            markup=False,
        )
    listening = _listen(host, port)
    web = make_app(home.warehouse, _Report(home), allow_host or ())
    server = uvicorn.Server(uvicorn.Config(web, log_level="warning", lifespan="off"))
    shown = f"[{host}]" if ":" in host else host
    say_when_interrupted(lambda: "the server has stopped")
    print(f"http://{shown}:{listening.getsockname()[1]}/ (Ctrl-C ends it)", flush=True)
    server.run(sockets=[listening])


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        reason = error.strerror or error
        console.fail(f"{host}:{port} cannot be listened on ({reason}); --port 0 takes another.", 1)
    return listening


class _Report:
    """The report of what is published, made when it is first asked for, anew for a new build."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._lock = threading.Lock()
        self._build, self._files = "", dict[str, str]()

    def __call__(self) -> Mapping[str, str]:
        from warehouse.report.site.write import site_files

        with self._lock, read_published(self._home.warehouse) as connection:
            build = current_build(connection)
            build_id = build.build_id if build else ""
            if build_id != self._build:
                self._files = dict(site_files(connection, site_texts(self._home, connection)))
                self._build = build_id
            return self._files
