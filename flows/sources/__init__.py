"""What a source is: `<slug>.yml` in this folder, checked against `schema.json`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Literal

import yaml
from jsonschema import Draft202012Validator

from flows.sources.discover import DiscoveryRule, read_rule
from flows.sources.layouts import DeclaredLayout, read_layouts
from transforms.coverage import LAST_IN_DATA, coverage_of

FileFormat = Literal["csv", "tsv", "zip", "xlsx", "rda", "rds"]

# the parser of libyaml where PyYAML has it: most commands read all declarations
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

USER_AGENT = "alliance-asymmetry/0.2 (research data pipeline)"


class DeclarationError(ValueError):
    """A source's YAML is faulty; the message names the file and the place in it."""


@dataclass(frozen=True)
class SourceDeclaration:
    """One declared source. `sources/schema.json` describes each entry.

    Attributes:
        slug: The dataset's name in every stage.
        title: A few words.
        publisher: Who serves the file.
        version: The publisher's own name of the release.
        url: What is fetched.
        publisher_url: What profile `live` fetches in its place, where `url` is somebody's copy.
        publisher_version: The release at `publisher_url`.
        landing_page: What a person reads.
        citation: In full.
        bibtex_key: Key in the exported bibliography.
        licence: SPDX name; `None` where the publisher names no licence.
        licence_url: Where licence or terms stand; `None` where there is no such page.
        terms: What a user may do.
        program_access: `ask_first` where the terms want to be asked before a program downloads.
        accessed: Day on which the entries were last checked, ISO 8601.
        file_format: Format of the file at `url`.
        members: Entity to its path from the outside in; empty for a single file.
        header_starts_with: Entity to the first columns of its header row.
        layouts: Layouts of other releases that are read as well.
        coverage: What it covers, and what is carried forward, as declared.
        user_agent: What the request says it is.
        min_bytes: A smaller file is not this dataset.
        max_bytes: A download is cut off here.
        max_unpacked_bytes: Bound on all declared members of an archive together.
        max_unpacked_ratio: Bound on unpacked over packed size of a member.
        max_size_change_share: Bound on |new - last| / last.
        cadence_days: How often it is worth asking.
        discover: How a new release is found.
        notes: Anything else that a reader has to know.
        optional: Whether it is fetched by name only, and no build depends on it.
    """

    slug: str
    title: str
    publisher: str
    version: str
    url: str
    publisher_url: str | None
    publisher_version: str | None
    landing_page: str
    citation: str
    bibtex_key: str
    licence: str | None
    licence_url: str | None
    terms: str
    program_access: Literal["open", "ask_first"]
    accessed: str
    file_format: FileFormat
    members: Mapping[str, tuple[str, ...]]
    header_starts_with: Mapping[str, tuple[str, ...]]
    layouts: tuple[DeclaredLayout, ...]
    coverage: Mapping[str, Any]
    user_agent: str
    min_bytes: int
    max_bytes: int
    max_unpacked_bytes: int
    max_unpacked_ratio: float
    max_size_change_share: float
    cadence_days: int
    discover: DiscoveryRule
    notes: str
    optional: bool

    @property
    def file_name(self) -> str:
        """Name of the stored file, for example `un_votes.csv`."""
        return f"{self.slug}.{self.file_format}"

    @property
    def coverage_unit(self) -> str:
        """`day`, `year` or `session`."""
        return str(self.coverage["unit"])

    @property
    def coverage_from(self) -> str:
        """First day, year or session."""
        return str(self.coverage["from"])

    @property
    def coverage_to(self) -> str | None:
        """Last day, year or session; None where it is that of the rows."""
        last = self.coverage["to"]
        return None if last == LAST_IN_DATA else str(last)

    @property
    def carried_forward(self) -> str | None:
        """What is assumed to last after the end, by which table and until when."""
        carried = self.coverage.get("carried_forward")
        if not carried:
            return None
        return f"{carried['what']} By {carried['by']} ({carried['column']}), to {carried['to']}."


@cache
def _validator() -> Draft202012Validator:
    schema = json.loads((files("flows") / "sources" / "schema.json").read_text("utf-8"))
    return Draft202012Validator(schema)


def _refuse_contradictions(entry: Mapping[str, Any], where: str) -> None:
    slug, members = entry["slug"], entry["members"]
    if where != f"{slug}.yml":
        raise DeclarationError(f"sources/{where}: declares slug {slug}; name the file {slug}.yml")
    placed = {entity for entity, place in members.items() if place is not None}
    if entry["file_format"] == "zip" and placed != set(members):
        raise DeclarationError(
            f"sources/{where}: members: a zip needs a path for {sorted(set(members) - placed)}"
        )
    if entry["file_format"] != "zip" and (placed or len(members) > 1):
        raise DeclarationError(
            f"sources/{where}: members: a {entry['file_format']} file is one entity, `data: null`"
        )
    if unknown := set(entry.get("header_starts_with", {})) - set(members):
        raise DeclarationError(
            f"sources/{where}: header_starts_with: {sorted(unknown)} are not among the members"
        )


def read_declaration(text: str, where: str) -> SourceDeclaration:
    """Reads one declaration.

    Args:
        text: YAML text.
        where: File name, for messages and to be compared with the slug.

    Raises:
        DeclarationError: The text is no YAML, breaks the schema, or contradicts itself.
    """
    try:
        entry = yaml.load(text, _LOADER)
    except yaml.YAMLError as error:
        raise DeclarationError(f"sources/{where}: not readable as YAML: {error}") from error
    faults = sorted(_validator().iter_errors(entry), key=lambda e: [str(p) for p in e.path])
    if faults:
        lines = [f"{'/'.join(map(str, e.path)) or '(top)'}: {e.message}" for e in faults]
        raise DeclarationError(f"sources/{where}: " + "; ".join(lines))
    _refuse_contradictions(entry, where)
    try:
        coverage_of(entry["coverage"])
    except ValueError as error:
        raise DeclarationError(f"sources/{where}: coverage: {error}") from error
    places = {
        entity: () if place is None else (place,) if isinstance(place, str) else tuple(place)
        for entity, place in entry["members"].items()
    }
    try:
        layouts = read_layouts(entry.get("layouts", {}))
        rule = read_rule(entry["discover"])
    except ValueError as error:
        raise DeclarationError(f"sources/{where}: {error}") from error
    headers = {e: tuple(c) for e, c in entry.get("header_starts_with", {}).items()}
    defaults: dict[str, Any] = {
        "publisher_url": None,
        "publisher_version": None,
        "licence": None,
        "licence_url": None,
        "program_access": "open",
        "user_agent": USER_AGENT,
        "max_bytes": 2_000_000_000,
        "max_unpacked_bytes": 1_000_000_000,
        "max_unpacked_ratio": 200.0,
        "notes": "",
        "optional": False,
    }
    return SourceDeclaration(
        **{
            **{**defaults, **entry, "members": places, "header_starts_with": headers},
            **{"discover": rule, "layouts": layouts},
        }
    )


@cache
def load_declarations(folder: Traversable | None = None) -> dict[str, SourceDeclaration]:
    """Reads every declared source.

    Args:
        folder: Where the YAML files are; the package's own `sources` unless given.

    Returns:
        Slug to declaration, in alphabetical order.

    Raises:
        DeclarationError: One of them is faulty, or two share a BibTeX key.
    """
    return read_folder(files("flows") / "sources" if folder is None else folder, optional=False)


def read_folder(home: Traversable, *, optional: bool) -> dict[str, SourceDeclaration]:
    """Reads every declaration in a folder, which holds optional sources or others.

    Raises:
        DeclarationError: One of them is faulty or of the other kind, or two share a BibTeX key.
    """
    found: dict[str, SourceDeclaration] = {}
    keys: dict[str, str] = {}
    for file in sorted(home.iterdir(), key=lambda f: f.name):
        if not file.name.endswith(".yml"):
            continue
        declaration = read_declaration(file.read_text("utf-8"), file.name)
        if declaration.optional is not optional:
            raise DeclarationError(
                f"sources/{file.name}: a source lies in sources/optional exactly if it is optional"
            )
        if twin := keys.get(declaration.bibtex_key):
            raise DeclarationError(
                f"sources/{file.name}: bibtex_key {declaration.bibtex_key} is also that of {twin}"
            )
        keys[declaration.bibtex_key] = file.name
        found[declaration.slug] = declaration
    return found
