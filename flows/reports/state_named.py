"""Finds a state by any usual name: English or another language, ISO or COW code, former name.

Names are asked for in this order, and the first that knows the name answers: COW codes, names and
abbreviations of the build with the hand-coded list (`transforms/reference/state_names.csv`); ISO
3166 (pycountry); names in the languages of `_LANGUAGES`, then in all of CLDR (Babel), which takes
two seconds and so comes last. A name or code that means several states is answered with all.
"""

import csv
import difflib
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import polars as pl

from flows.engine.reference import reference_text

_LANGUAGES = ("en", "ru", "fr", "es", "de", "pl", "ar", "zh", "pt", "it", "tr", "uk", "ja", "ko")
"""Tried before all others: of the paper's readers, of the UN, and some that many speak."""
_N_SUGGESTED = 3
_SURELY_A_SLIP, _PERHAPS_A_SLIP = 0.83, 0.7
"""Likeness of two names (difflib), from 0 to 1."""


@dataclass(frozen=True)
class State:
    """A state as people are shown it.

    Attributes:
        ccode: COW code.
        abbreviation: COW abbreviation.
        name: The COW list's latest name, and others that it has had.
        years: When it is in the COW system, in words; empty where it always was.
    """

    ccode: int
    abbreviation: str
    name: str
    years: str

    def __str__(self) -> str:
        years = f"; {self.years}" if self.years else ""
        return f"{self.name} ({self.ccode}, {self.abbreviation}{years})"


class NoSuchStateError(ValueError):
    """No state, or several, bear that name; the message has what to say instead."""


@dataclass(frozen=True)
class StateNames:
    """All states of a build, and their names.

    Attributes:
        states: COW code to state.
        codes: ISO 3166 alpha-3 code to the state that has it now.
        names: Plain name to COW codes.
    """

    states: Mapping[int, State]
    codes: Mapping[str, int]
    names: Mapping[str, frozenset[int]]

    def find(self, text: str) -> State:
        """The state of that name.

        Raises:
            NoSuchStateError: None or several bear it.
        """
        wanted = plain(text)
        territory = ""
        if not (codes := self._known(wanted)) and wanted:
            territory = _iso_code(wanted) or _in_languages(wanted, _LANGUAGES)
            if not territory and not self._near(wanted, _SURELY_A_SLIP):
                territory = _in_languages(wanted, _all_languages())
            codes = self.of_territory(territory, is_code=len(wanted) == 2)
        if len(codes) == 1:
            return self.states[next(iter(codes))]
        if codes:
            choices = "\n".join(f"  {self.states[code]}" for code in sorted(codes))
            raise NoSuchStateError(f"{text} can be:\n{choices}\nSay which by its number.")
        if territory:
            raise NoSuchStateError(f"{text} is not among the states of the Correlates of War list.")
        near = [str(self.states[code]) for code in self._near(wanted, _PERHAPS_A_SLIP)]
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        raise NoSuchStateError(f"No state is called {text}.{hint}")

    def _known(self, wanted: str) -> frozenset[int]:
        if wanted.isdecimal():
            return frozenset({int(wanted)} & self.states.keys())
        return self.names.get(wanted, frozenset())

    def of_territory(self, alpha_2: str, *, is_code: bool) -> frozenset[int]:
        """COW codes of a territory; several where it was named and its name means several."""
        import pycountry
        from babel import Locale

        country = pycountry.countries.get(alpha_2=alpha_2) if alpha_2 else None
        if country is None:
            return frozenset()
        code = self.codes.get(country.alpha_3)
        of_code = frozenset({code}) if code else frozenset()
        named = self._known(plain(Locale("en").territories.get(alpha_2, "")))
        return of_code if is_code else named or of_code

    def _near(self, wanted: str, cutoff: float) -> list[int]:
        """States whose names begin with it, or are much like it."""
        found = [name for name in self.names if wanted and name.startswith(f"{wanted} ")]
        found += difflib.get_close_matches(wanted, self.names, n=_N_SUGGESTED, cutoff=cutoff)
        codes = dict.fromkeys(code for name in found for code in sorted(self.names[name]))
        return list(codes)[:_N_SUGGESTED]


def state_names(states: pl.DataFrame) -> StateNames:
    """The names of the states of a build.

    Args:
        states: `warehouse.report.profiles.states.states`.
    """
    found: dict[int, State] = {}
    codes: dict[str, int] = {}
    names: dict[str, set[int]] = {}
    for row in states.iter_rows(named=True):
        ccode = row["ccode"]
        years = f"{row['year_from']}–{row['year_to']}" if row["year_to"] else ""
        if row["year_to"] is None and row["year_from"] > 1945:
            years = f"since {row['year_from']}"
        former = [name for name in row["names"].split("; ") if name != row["state_name"]]
        title = " / ".join([row["state_name"], *former])
        found[ccode] = State(ccode, row["state_abb"], title, years)
        own = row["iso3"].split("; ") if row["iso3"] else []
        # Germany's, Yemen's and Vietnam's codes were others' before
        codes |= {code: ccode for code in own if row["year_to"] is None or code not in codes}
        for name in (row["state_abb"], *row["names"].split("; ")):
            names.setdefault(plain(name), set()).add(ccode)
    for code, ccode in codes.items():
        names.setdefault(plain(code), set()).add(ccode)
    for line in csv.DictReader(io.StringIO(reference_text("state_names"))):
        if int(line["ccode"]) in found:
            names.setdefault(plain(line["name"]), set()).add(int(line["ccode"]))
    return StateNames(found, codes, {name: frozenset(of) for name, of in names.items()})


def names_of_one(names: StateNames) -> dict[str, int]:
    """Every plain name that means one state, in the languages of `_LANGUAGES` too.

    For pages, which look a name up in what they have. A name of the build comes first.

    Args:
        names: From `state_names`.

    Returns:
        Plain name to COW code, in alphabetical order.
    """
    found = dict(names.names)
    for language in _LANGUAGES:
        for name, alpha_2 in _territories(language).items():
            found.setdefault(name, names.of_territory(alpha_2, is_code=False))
    return {name: min(found[name]) for name in sorted(found) if len(found[name]) == 1}


def plain(name: str) -> str:
    """A name without case, accents, punctuation and articles, and the right way round.

    `Korea, Republic of` and `Iran (Islamic Republic of)` are turned.
    """
    first, comma, rest = name.strip().rstrip(")").replace(" (", ", ").partition(", ")
    turned = f"{rest} {first}" if comma else name
    letters = unicodedata.normalize("NFKD", turned.casefold().replace("&", " and "))
    bare = "".join(c for c in letters if not unicodedata.combining(c))
    words = re.sub(r"[^\w]+", " ", bare.replace("'", "").replace("’", "").replace(".", "")).split()
    words = ["saint" if word == "st" else word for word in words if word not in ("the", "of")]
    return " ".join(words)


def _iso_code(wanted: str) -> str:
    """ISO 3166 code of two letters, by codes and by formal and other names in English."""
    import pycountry

    for country in pycountry.countries:
        forms = [country.alpha_2, country.alpha_3, country.name]
        forms += [getattr(country, "official_name", ""), getattr(country, "common_name", "")]
        if wanted in {plain(form) for form in forms}:
            return str(country.alpha_2)
    return ""


def _in_languages(wanted: str, languages: Iterable[str]) -> str:
    """ISO 3166 code of two letters, by the first language that has the name."""
    return next((code for one in languages if (code := _territories(one).get(wanted))), "")


@cache
def _territories(language: str) -> dict[str, str]:
    """Plain name of each territory in a language of CLDR to its code of two letters."""
    from babel import Locale

    territories = Locale.parse(language).territories
    return {plain(name): code for code, name in territories.items() if len(code) == 2}


def _all_languages() -> list[str]:
    from babel.localedata import locale_identifiers

    return sorted(name for name in locale_identifiers() if "_" not in name)
