"""A table's lineage as a drawing: SVG, Mermaid (.mmd) or Graphviz (.dot)."""

from collections.abc import Callable
from html import escape

from warehouse.catalog.lineage import Lineage

_WIDTH, _HEIGHT, _GAP, _ROW = 300, 26, 70, 36
_MARGIN = 20
_CHARACTER = 6.6
_FILL = {
    "metrics": "#dcebf7",
    "marts": "#e3f1e1",
    "core": "#fdf0d5",
    "staging": "#f3e5f0",
    "other": "#eeeeee",
}


def mermaid(lineage: Lineage) -> str:
    """A flowchart in Mermaid's words, which GitHub and Quarto draw."""
    names = {name: f"n{number}" for number, name in enumerate(lineage.depths())}
    lines = ["flowchart LR"]
    lines += [f'    {names[name]}["{name}"]' for name in names]
    lines += [f"    {names[of]} --> {names[name]}" for name, of in _edges(lineage)]
    return "\n".join([*lines, ""])


def graphviz(lineage: Lineage) -> str:
    """A digraph in Graphviz's words."""
    lines = ["digraph lineage {", "  rankdir=LR;", "  node [shape=box];"]
    lines += [f'  "{name}";' for name in lineage.depths()]
    lines += [f'  "{of}" -> "{name}";' for name, of in _edges(lineage)]
    return "\n".join([*lines, "}", ""])


def svg(lineage: Lineage) -> str:
    """A picture: bytes on the left, the table on the right, a column for each step between."""
    depths = lineage.depths()
    last = max(depths.values())
    columns: list[list[str]] = [[] for _ in range(last + 1)]
    for name, depth in sorted(depths.items()):
        columns[last - depth].append(name)
    height = max(map(len, columns)) * _ROW
    places = {
        name: (
            _MARGIN + number * (_WIDTH + _GAP),
            _MARGIN + row * _ROW + (height - len(column) * _ROW) // 2,
        )
        for number, column in enumerate(columns)
        for row, name in enumerate(column)
    }
    size = (2 * _MARGIN + (last + 1) * (_WIDTH + _GAP) - _GAP, 2 * _MARGIN + height)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]}" height="{size[1]}"'
        f' viewBox="0 0 {size[0]} {size[1]}" role="img" font-family="sans-serif" font-size="12">',
        f"<title>Lineage of {escape(lineage.root)}</title>",
        '<rect width="100%" height="100%" fill="#ffffff"/>',
    ]
    parts += [_line(places[of], places[name]) for name, of in _edges(lineage)]
    parts += [_box(name, place) for name, place in places.items()]
    return "\n".join([*parts, "</svg>", ""])


DRAWN: dict[str, Callable[[Lineage], str]] = {".svg": svg, ".mmd": mermaid, ".dot": graphviz}
"""How a file is drawn whose name ends like that."""


def _edges(lineage: Lineage) -> list[tuple[str, str]]:
    return [(name, of) for name, inputs in lineage.inputs.items() for of in inputs]


def _line(start: tuple[int, int], end: tuple[int, int]) -> str:
    x1, y1, x2, y2 = start[0] + _WIDTH, start[1] + _HEIGHT // 2, end[0], end[1] + _HEIGHT // 2
    middle = (x1 + x2) // 2
    path = f"M{x1} {y1} C{middle} {y1}, {middle} {y2}, {x2} {y2}"
    return f'<path d="{path}" fill="none" stroke="#888888"/>'


def _box(name: str, place: tuple[int, int]) -> str:
    x, y = place
    fill = _FILL.get(name.partition(".")[0], _FILL["other"])
    shown = name.removeprefix("transforms/reference/")
    longest = int((_WIDTH - 12) / _CHARACTER)
    shown = shown if len(shown) <= longest else f"{shown[: longest - 1]}…"
    return (
        f'<g><title>{escape(name)}</title><rect x="{x}" y="{y}" width="{_WIDTH}"'
        f' height="{_HEIGHT}" rx="4" fill="{fill}" stroke="#666666"/>'
        f'<text x="{x + 6}" y="{y + 17}">{escape(shown)}</text></g>'
    )
