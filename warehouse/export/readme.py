"""The README of an export: what it is, how to read it, under whose terms, how to cite it."""

from collections.abc import Mapping, Sequence

from warehouse.catalog.builds import PublishedBuild
from warehouse.export.citation import TITLE, used_sources
from warehouse.export.datapackage import WrittenFile
from warehouse.export.table_facts import SourceFacts

_READING = """## Reading it

```r
d <- arrow::read_parquet("data/{table}.parquet")   # R
```
```stata
use "data/{table}.dta"
```
```python
pl.read_parquet("data/{table}.parquet")            # Polars
```

CODEBOOK.md (and codebook.html) say what each column means, in which unit, with which codes, and
when it is NULL. NULL is an empty cell in CSV and `.` in Stata (an empty text in text columns). In
Stata, codes that are numbers have value labels, and names longer than 32 characters are cut: the
codebook has both. Parquet files say all of it themselves. `sha256sum -c SHA256SUMS` checks every
file; datapackage.json describes the CSV files for programs (Frictionless Data Package 2).

A spreadsheet runs text that begins with =, +, - or @: load a CSV as text columns there, or ask for
the rows with `asymmetry query … --spreadsheet-safe --output FILE.csv`.
"""


def readme(
    build: PublishedBuild,
    files: Sequence[WrittenFile],
    not_written: Sequence[Mapping[str, str]],
    sources: Mapping[str, SourceFacts],
) -> str:
    """The README as Markdown.

    Args:
        build: The build that was exported.
        files: What was written.
        not_written: `table`, `form` and `reason` of what a format does not hold.
        sources: Every dataset of the build.
    """
    tables = {file.table.table: file.table for file in files}
    lines = [f"# {TITLE}", ""]
    if build.is_simulated:
        lines += ["**SIMULATED: a made-up world. No figure here says anything about ours.**", ""]
    lines += [
        f"Build `{build.build_id}` (version {build.code_version}, profile {build.profile}, built on"
        f" {build.built_at:%Y-%m-%d}). The same id means the same tables.",
        "",
        "| table | rows | formats | made of |",
        "|---|---:|---|---|",
    ]
    for name, table in tables.items():
        of_table = [file for file in files if file.table.table == name]
        forms = ", ".join(file.form for file in of_table)
        lines.append(
            f"| `{name}` | {of_table[0].n_rows:,} | {forms} | {', '.join(table.sources)} |"
        )
    if not_written:
        lines += ["", "Not written:", ""]
        lines += [f"* {r['table']} as .{r['form']}: {r['reason']}" for r in not_written]
    first = next(iter(tables), "TABLE")
    lines += ["", _READING.format(table=first), "## Whose data these are", ""]
    lines += [
        "The data are their publishers', each under terms of its own; the strictest source of a"
        " table decides what it may be passed on as. Look into DATA_LICENSES.md before you pass"
        " anything on.",
        "",
        "| source | licence | terms | cite as |",
        "|---|---|---|---|",
    ]
    for source in used_sources(list(tables.values()), sources):
        cells = (source.slug, source.licence or "none named", source.terms, source.citation)
        lines.append("| " + " | ".join(_in_a_cell(cell) for cell in cells) + " |")
    lines += [
        "",
        "## Citing",
        "",
        "CITATION.txt and CITATION.bib have the build, every source above, and the references of"
        " the methods. Cite the sources, not this alone.",
    ]
    return "\n".join(lines) + "\n"


def _in_a_cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
