"""What can be found when two releases of a table are compared, and how it is said."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from expectations.shown_text import shown
from expectations.suite import Severity

Kind = Literal[
    "not_compared",
    "keys_lost",
    "rows_lost",
    "series_lost",
    "series_shortened",
    "periods_lost",
    "values_lost",
    "values_revised",
    "texts_revised",
    "series_rewritten",
    "units_shifted",
    "signs_flipped",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""In the order in which they are told."""

MOST_EXAMPLES = 50
"""Examples kept per finding; the longest series first."""

_WORDS: Mapping[Kind, str] = {
    "not_compared": "tables have another key since, and could not be compared",
    "keys_lost": "keys are gone",
    "rows_lost": "rows fewer, all in all",
    "series_lost": "series are gone altogether",
    "series_shortened": "series begin later or end earlier",
    "periods_lost": "years or sessions have nothing left",
    "values_lost": "values are NULL now",
    "values_revised": "values are revised",
    "texts_revised": "texts are revised",
    "series_rewritten": "series have another value in most of their rows",
    "units_shifted": "series are in another unit",
    "signs_flipped": "series have their signs turned round",
}
_SEVERITIES: tuple[Severity, ...] = ("info", "warning", "critical")


@dataclass(frozen=True)
class Finding:
    """One way in which a table's new release is less than, or other than, the one before.

    Attributes:
        kind: What was found.
        table: Full table name.
        column: Column that it is about; None for rows, series and periods.
        n_found: How many rows, values, series or periods.
        n_compared: Of how many.
        examples: The first of them (`MOST_EXAMPLES`): a series with its number of rows (`n`) and
            the periods between which they lie (`first`, `last`), or a row's key; where a value
            has changed, also the first `before` and `after`.
        severity: `info` is recorded, `warning` is told until somebody has accepted it, `critical`
            stops the build until then.
        why: Reason of the bound that decided the severity.
        bound: The share beyond which it has this severity; None for `info`.
    """

    kind: Kind
    table: str
    column: str | None
    n_found: int
    n_compared: int
    examples: tuple[Mapping[str, Any], ...] = ()
    severity: Severity = "info"
    why: str = ""
    bound: float | None = None

    @property
    def share(self) -> float:
        """Found of compared, 0 to 1."""
        return self.n_found / max(self.n_compared, 1)

    def words(self) -> str:
        """The finding in one line, without its examples."""
        where = f"{self.table}.{self.column}" if self.column else self.table
        found = f"{self.n_found:,} of {self.n_compared:,} ({self.share:.1%})"
        return f"{where}: {found} {_WORDS[self.kind]}"


def severity_of(findings: Iterable[Finding]) -> Severity | None:
    """The gravest severity; None where nothing was found."""
    found = [_SEVERITIES.index(finding.severity) for finding in findings]
    return _SEVERITIES[max(found)] if found else None


def gravest_first(findings: Iterable[Finding]) -> list[Finding]:
    """Findings by severity, then by share, then in the order of `KINDS`."""
    return sorted(
        findings,
        key=lambda f: (-_SEVERITIES.index(f.severity), -f.share, KINDS.index(f.kind), f.table),
    )


def example_words(example: Mapping[str, Any]) -> str:
    """An example as a person reads it: `entity_code=BRA, 2000 to 2023, 24 rows`."""
    parts = [
        f"{name}={shown(value)}"
        for name, value in example.items()
        if name not in {"n", "first", "last", "before", "after", "ratio"}
    ]
    if example.get("first") is not None:
        first, last = shown(example["first"]), shown(example["last"])
        parts.append(first if first == last else f"{first} to {last}")
    if "n" in example:
        parts.append(f"{example['n']:,} row{'' if example['n'] == 1 else 's'}")
    if "ratio" in example:
        parts.append(f"times {example['ratio']:.4g}")
    if "before" in example:
        parts.append(f"{shown(example['before'])} became {shown(example['after'])}")
    return ", ".join(parts)


def examples_as_json(finding: Finding) -> str | None:
    """The examples as JSON; None where there are none."""
    if not finding.examples:
        return None
    return json.dumps(finding.examples, default=str, ensure_ascii=False)
