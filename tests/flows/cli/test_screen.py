"""What verbs print: text is text, whoever has written it."""

import ast
import io
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from flows.cli import console
from flows.cli.screen import Screen

HOSTILE = "\x1b]0;owned\x07\x1b[31m\x9b2J\x7f\u202eevil\u2066\ud800[bold red]x[/bold red][/]\\"
SHOWN = (
    "\\x1b]0;owned\\x07\\x1b[31m\\x9b2J\\x7f\\u202eevil\\u2066\\ud800[bold red]x[/bold red][/]\\"
)
CLI = Path(console.__file__).parent
OF_OURS = {"claims.py", "cite.py", "queries.py", "serve.py", "verbs.py"}
"""Verbs that write texts of this project past the screen."""
PRESENTABLE = {"console.py", "main.py", "screen.py", "status.py"}
"""Modules that make presentable what they write: the tests here and of messages and metrics."""


def printed(*things: object, **how: Any) -> str:
    file = io.StringIO()
    Screen(file=file, width=1_000, force_terminal=True, color_system=None).print(*things, **how)
    return file.getvalue()


def of_table() -> Table:
    table = Table(HOSTILE, title=HOSTILE, caption=HOSTILE)
    table.add_row(HOSTILE)
    table.add_row(Text(HOSTILE))
    return table


def of_tree() -> Tree:
    tree = Tree(Text(HOSTILE))
    tree.add(HOSTILE).add(Text(HOSTILE))
    return tree


@pytest.mark.parametrize(
    ("thing", "times"),
    [(HOSTILE, 1), (Text(HOSTILE), 1), (of_table(), 5), (of_tree(), 3)],
    ids=["text", "styled text", "table", "tree"],
)
def test_nothing_that_is_printed_acts(thing: object, times: int) -> None:
    text = printed(thing, soft_wrap=True)
    assert set(text) & set("\x1b\x07\x9b\x7f\u202e\u2066\ud800") == set()
    assert text.count("evil") == times
    if isinstance(thing, str):
        assert text == f"{SHOWN}\n"


def test_a_table_in_a_file_has_every_cell_as_text() -> None:
    frame = pl.DataFrame({"name": [HOSTILE.replace("\ud800", ""), None]})
    text = console.table_text(frame.columns, frame.rows())
    assert SHOWN.replace("\\ud800", "") in text
    assert "NULL" in text


def test_json_escapes_what_acts_as_json_does(capsys: pytest.CaptureFixture[str]) -> None:
    console.print_json({"a": "Türkiye \x9b\u202e"})
    console.print_json({"a": "Türkiye"})
    acting, plain = capsys.readouterr().out.split("}\n", 1)
    assert "\\u009b\\u202e" in acting
    assert "Türkiye" in plain


def test_no_verb_has_a_console_of_its_own_or_writes_past_it() -> None:
    past = {"print", "sys.stdout.write", "sys.stdout.buffer.write", "typer.echo", "Console"}
    for path in CLI.glob("*.py"):
        calls = [n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.Call)]
        if past & {ast.unparse(call.func) for call in calls}:
            assert path.name in OF_OURS | PRESENTABLE
