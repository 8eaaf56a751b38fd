"""The codebook of an export: every table and column with unit, codes and the rule of its NULLs."""

from collections.abc import Mapping, Sequence

import jinja2

from warehouse.export.table_facts import ColumnFacts, TableFacts

HEADINGS = ("column", "type", "meaning", "unit, range or codes", "NULL")

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem;
       color: #1a1a1a; background: #fff }
.scroll { overflow-x: auto }
table { border-collapse: collapse; font-size: .9em }
th, td { border-bottom: 1px solid #bbb; padding: .3rem .6rem; text-align: left;
         vertical-align: top }
code { font-size: .95em } .warning { border-left: 4px solid #b35900; padding-left: .8rem }
</style></head><body>
<h1>{{ title }}</h1>
<p>{{ about }}</p>
<ul>{% for t in tables %}<li><a href="#{{ t.table }}">{{ t.table }}</a>: {{ t.title }}</li>
{% endfor %}</ul>
{% for t in tables %}<h2 id="{{ t.table }}">{{ t.table }}</h2>
{% for line in about_table(t) %}<p>{{ line }}</p>
{% endfor %}{% for line in warnings(t) %}<p class="warning">{{ line }}</p>
{% endfor %}<div class="scroll"><table><thead><tr>
{% for heading in headings %}<th scope="col">{{ heading }}</th>{% endfor %}</tr></thead><tbody>
{% for column in t.columns %}<tr><td><code>{{ column.name }}</code></td>
{% for cell in cells(column, names)[1:] %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</tbody></table></div>
{% endfor %}</body></html>
"""


def codebook_markdown(tables: Sequence[TableFacts], about: str, names: Mapping[str, str]) -> str:
    """The codebook as Markdown.

    Args:
        tables: What it explains.
        about: A sentence on the build.
        names: Column to its name in Stata, where that is another.
    """
    lines = ["# Codebook", "", about, ""]
    for table in tables:
        lines += [f"## {table.table}", ""]
        lines += [f"{line}\n" for line in about_table(table)]
        if found := warnings(table):
            lines += [f"* {line}" for line in found] + [""]
        lines += ["| " + " | ".join(HEADINGS) + " |", "|" + "---|" * len(HEADINGS)]
        for column in table.columns:
            name, *others = (_in_a_cell(cell) for cell in cells(column, names))
            lines.append("| " + " | ".join([f"`{name}`", *others]) + " |")
        lines.append("")
    return "\n".join(lines)


def codebook_html(tables: Sequence[TableFacts], about: str, names: Mapping[str, str]) -> str:
    """The codebook as one page that needs nothing else; every text is escaped.

    Args:
        tables: What it explains.
        about: A sentence on the build.
        names: Column to its name in Stata, where that is another.
    """
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    return environment.from_string(_PAGE).render(
        title="Codebook",
        about=about,
        tables=tables,
        headings=HEADINGS,
        names=names,
        about_table=about_table,
        warnings=warnings,
        cells=cells,
    )


def about_table(table: TableFacts) -> list[str]:
    """Sentences on a table: title and grain, key, what it means, coverage, sources."""
    contract = table.contract
    if contract is None:
        lines = [table.comment]
    else:
        lines = [
            f"{contract.title}: {contract.grain}. Key: {', '.join(contract.key)}.",
            " ".join(contract.description.split()),
        ]
    if table.covers:
        lines.append(f"Covers {table.covers}.")
    if table.sources:
        lines.append(f"Made of: {', '.join(table.sources)}.")
    return [line for line in lines if line]


def warnings(table: TableFacts) -> list[str]:
    """What can mislead a reader of a table."""
    return [" ".join(w.split()) for w in table.contract.usage_warnings] if table.contract else []


def cells(column: ColumnFacts, names: Mapping[str, str]) -> tuple[str, str, str, str, str]:
    """A column's row: name, type, meaning, unit or range or codes, when it is NULL."""
    meaning = column.description
    if column.name in names:
        meaning += f" In Stata: {names[column.name]}."
    stated = column.column
    if stated is None:
        return (column.name, column.duckdb_type, meaning, "", "")
    return (
        column.name,
        column.duckdb_type,
        meaning,
        _values(column),
        stated.null_when or "never",
    )


def _values(column: ColumnFacts) -> str:
    """Unit, then the codes, or else the range."""
    stated = column.column
    if stated is None:
        return ""
    parts = [stated.unit] if stated.unit else []
    if stated.codes:
        parts += [f"{code} = {meaning}" for code, meaning in stated.codes.items()]
    elif stated.minimum is not None or stated.maximum is not None:
        low = "" if stated.minimum is None else f"from {stated.minimum:g}"
        high = "" if stated.maximum is None else f"to {stated.maximum:g}"
        parts.append(f"{low} {high}".strip())
    return "; ".join(parts)


def _in_a_cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
