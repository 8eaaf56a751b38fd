"""Contents that are wrong, as bytes that a publisher serves to a whole refresh.

Each is of another kind, and they are met at different places: by the gate of the raw file or of the
staged table, by the release before, by rules across tables when all is computed. The right one at
the end shows that a refresh which has refused the others still publishes.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from tests.publisher.archives import edited
from tests.publisher.cases import Edit
from tests.publisher.content import changed, exchanged, plus, times, without
from tests.publisher.contents_of_figures import turned_round

INTACT = r"untouched|intact"
GATE, HELD = "stopped", "is held"
"""What a refusal says: a rule does not hold, or the release before had more."""
_YEAR = pl.col("year").cast(pl.Int64)


@dataclass(frozen=True)
class WholeBuild:
    """One case.

    Attributes:
        slug: The source.
        name: What is wrong with it, in words.
        edit: Makes it so, in the bytes of the good file.
        says: Patterns of what the refresh has to say besides the source and what is intact.
    """

    slug: str
    name: str
    edit: Edit
    says: tuple[str, ...]

    def __str__(self) -> str:
        """Source and name, for the list of tests."""
        return f"{self.slug}: {self.name}"


def rows(*changes: Callable[[pl.DataFrame], pl.DataFrame], separator: str = ",") -> Edit:
    """The same text with other cells or rows; every cell is a text."""

    def edit(content: bytes) -> bytes:
        frame = pl.read_csv(content, separator=separator, infer_schema=False)
        for change in changes:
            frame = change(frame)
        written = io.BytesIO()
        frame.write_csv(written, separator=separator)
        return written.getvalue()

    return edit


def _in_capabilities(edit: Edit) -> Edit:
    return edited("NMCv7/NMC-v7-abridged.zip", edited("NMC-70-abridged.csv", edit))


def _is(column: str, value: str) -> pl.Expr:
    return pl.col(column) == value


REFUSED = [
    WholeBuild("un_votes", "a new vote code", rows(changed("vote", "4", _is("rcid", "51"))),
               (GATE, "InSet", "vote=4")),
    WholeBuild("un_votes", "all votes important",
               rows(changed("importantvote", "1", pl.col("session").cast(pl.Int64) >= 38)),
               (HELD, "importantvote|is_important", "values are revised")),
    WholeBuild("un_votes", "tallies that contradict the votes", rows(plus("yes", 60)),
               (HELD, "yes", "values are revised")),
    WholeBuild("gdp", "NA for Namibia",
               rows(changed("Country Code", "NA", _is("Country Code", "NAM"))),
               (GATE, "Regex", "NA")),
    WholeBuild("gdp", "years in the future",
               rows(plus("Year", 40, _is("Country Code", "FRA"))), (GATE, "Future")),
    WholeBuild("gdp", "all figures in thousands", rows(times("Value", 1e-3)),
               (HELD, "in another unit")),
    WholeBuild("us_troops", "a negative count",
               rows(changed("troops", "-4", _is("ccode", "740"))), (GATE, "Regex", "-4")),
    WholeBuild("us_troops", "half a stretch missing",
               rows(without((_YEAR >= 2000) & (pl.col("ccode").cast(pl.Int64) % 3 == 0))),
               (HELD, "keys are gone")),
    WholeBuild("cow_capabilities", "a share above one", _in_capabilities(
        rows(changed("cinc", "1.5", _is("ccode", "710")))), (GATE, "cinc")),
    WholeBuild("un_ideal_points", "signs turned round since 1990",
               rows(*turned_round(_YEAR >= 1990), separator="\t"),
               (HELD, "signs turned round")),
]  # fmt: skip

REFUSED_AT_THE_END = WholeBuild(
    "us_troops",
    "the codes of two hosts exchanged",
    rows(exchanged("ccode", "740", "200")),
    (GATE, "codes_are_of_one_state"),
)
"""Found by a rule across tables, when all that follows has been computed."""

REVISED = WholeBuild(
    "us_construction",
    "one figure revised",
    rows(plus("spend_construction", 1, _is("ccode", "200") & (_YEAR == 2008))),
    ("Published build",),
)
"""A right release, which changes what is published."""
