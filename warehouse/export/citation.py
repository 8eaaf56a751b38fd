"""How to cite a table: the build, the datasets behind it, and the methods, as text and BibTeX."""

import re
from collections.abc import Mapping, Sequence

from warehouse.catalog.builds import PublishedBuild
from warehouse.export.table_facts import SourceFacts, TableFacts

AUTHORS = "The alliance-asymmetry authors"
TITLE = "alliance-asymmetry: UN voting, alliance treaties and metrics of alliance asymmetry"
_DATED = re.compile(r"^(?P<author>.+?)\. (?P<year>\d{4})\. (?P<rest>.+)$", re.DOTALL)
_UNDATED = re.compile(r"^(?P<author>.+?)\. (?P<rest>[“\"].+)$", re.DOTALL)
_TITLE = re.compile(r"^[“\"](?P<title>.+?)[.,]?[”\"]")
_SPECIAL = str.maketrans({c: f"\\{c}" for c in "&%$#_{}"} | {"~": "\\~{}", "^": "\\^{}"})


def citation_text(
    build: PublishedBuild,
    tables: Sequence[TableFacts],
    sources: Mapping[str, SourceFacts],
    methods: Mapping[str, str],
) -> str:
    """The citation as text: data, sources, methods.

    Args:
        build: The build that the file holds.
        tables: What is cited; empty for the whole build.
        sources: Every dataset of the build.
        methods: Table to the references of its formula.
    """
    lines = ["Data", "", _data_text(build, tables), "", "Sources", ""]
    lines += [
        f"* {source.citation} [{source.version}; snapshot {source.snapshot_id}]"
        + (" SIMULATED: the rows here are made up in its format." if source.is_simulated else "")
        for source in used_sources(tables, sources)
    ]
    if used := _used_methods(tables, methods):
        lines += ["", "Methods", ""]
        lines += [f"* {table}: {references}" for table, references in used.items()]
    return "\n".join(lines) + "\n"


def citation_bibtex(
    build: PublishedBuild,
    tables: Sequence[TableFacts],
    sources: Mapping[str, SourceFacts],
    methods: Mapping[str, str],
) -> str:
    """The citation as BibTeX (UTF-8): an entry for the build and each source and method.

    The full citation of each is in its `note`, as its publisher words it; a citation is not taken
    apart where that could go wrong, so an author stands as the citation has it.

    Args:
        build: The build that the file holds.
        tables: What is cited; empty for the whole build.
        sources: Every dataset of the build.
        methods: Table to the references of its formula.
    """
    entries = [
        _entry(
            "software",
            f"alliance_asymmetry_{build.build_id[:12]}",
            author=_group(AUTHORS),
            title=_group(TITLE),
            year=str(build.built_at.year),
            version=f"{build.code_version}, build {build.build_id[:12]}",
            note=_escaped(_data_text(build, tables)),
        )
    ]
    entries += [_source_entry(source) for source in used_sources(tables, sources)]
    entries += [
        _entry(
            "misc",
            "method_" + table.replace(".", "_"),
            title=_group(f"Method of {table}"),
            note=_escaped(references),
        )
        for table, references in _used_methods(tables, methods).items()
    ]
    return "\n".join(entries)


def used_sources(
    tables: Sequence[TableFacts], sources: Mapping[str, SourceFacts]
) -> list[SourceFacts]:
    """The datasets that tables were made of; all of the build where no table is named."""
    slugs = {slug for table in tables for slug in table.sources} if tables else set(sources)
    return [source for slug, source in sources.items() if slug in slugs]


def _used_methods(tables: Sequence[TableFacts], methods: Mapping[str, str]) -> dict[str, str]:
    names = [t.table for t in tables] if tables else list(methods)
    return {name: methods[name] for name in names if name in methods}


def _data_text(build: PublishedBuild, tables: Sequence[TableFacts]) -> str:
    names = [t.table for t in tables]
    if not names:
        of = ""
    elif len(names) == 1:
        of = f" Table {names[0]}."
    else:
        of = f" {len(names)} tables."
    kind = (
        "SIMULATED: a made-up world, which says nothing about ours."
        if build.is_simulated
        else f"Built on {build.built_at:%d %B %Y} from the publishers' files ({build.profile})."
    )
    return (
        f"{AUTHORS}. {build.built_at.year}. {TITLE}. Version {build.code_version}, build"
        f" {build.build_id}.{of} {kind}"
    )


def _source_entry(source: SourceFacts) -> str:
    parts = _DATED.match(source.citation) or _UNDATED.match(source.citation)
    found = {"author": _group(source.publisher), "title": _group(source.title)}
    if parts:
        found["author"] = _group(parts["author"])
        if year := parts.groupdict().get("year"):
            found["year"] = year
        if title := _TITLE.match(parts["rest"]):
            found["title"] = _group(title["title"])
    note = source.citation
    if source.is_simulated:
        note += " SIMULATED: the rows here are made up in its format."
    return _entry(
        "misc",
        source.bibtex_key,
        **found,
        version=_escaped(source.version),
        howpublished=f"\\url{{{source.landing_page}}}",
        note=_escaped(f"{note} Snapshot {source.snapshot_id}."),
    )


def _entry(kind: str, key: str, **fields: str) -> str:
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
    return "\n".join([f"@{kind}{{{key},", *lines, "}"]) + "\n"


def _group(text: str) -> str:
    """A text that BibTeX takes as one: it finds no names and changes no capitals in it."""
    return f"{{{_escaped(text)}}}"


def _escaped(text: str) -> str:
    return " ".join(text.replace("\\", "/").split()).translate(_SPECIAL)
