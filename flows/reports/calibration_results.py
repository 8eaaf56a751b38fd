"""What calibrations have found, family by family, in three small files beside the pictures.

`docs/calibration/{families,verdicts,intervals}.csv` hold counts: how often each verdict was given,
how often each interval held the truth. The page is written from them. A family that is judged anew
takes the place of its rows; the others stay, with the build and the code that they are of.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from flows.engine.calibration_chunks import Chunk, Worlds
from flows.home.output_file import OutputError
from transforms.calibration.performance import VERDICTS, count_intervals, count_verdicts

_FAMILIES = {
    "family": pl.String,
    "n_worlds": pl.Int64,
    "drawn_on": pl.String,
    "code": pl.String,
}
_VERDICTS = {
    "family": pl.String,
    "scenario": pl.String,
    "claim": pl.String,
    "n": pl.Int64,
    **{f"n_{verdict}": pl.Int64 for verdict in VERDICTS},
}
_INTERVALS = {
    "claim": pl.String,
    "family": pl.String,
    "test": pl.String,
    "scenario": pl.String,
    "is_primary": pl.Boolean,
    "truth": pl.Float64,
    "mean_estimate": pl.Float64,
    "n": pl.Int64,
    "n_yes": pl.Int64,
}
_DIGITS = 6
"""Decimals of a truth and of a mean estimate, so that no last digit moves a file."""


@dataclass(frozen=True)
class Results:
    """Counts over worlds.

    Attributes:
        families: One row per family: `n_worlds` in all scenarios, the build that they were
            `drawn_on` (empty where they are made up as a whole), and the `code` that decides them
            (`calibration_chunks.key_of_worlds`).
        verdicts: Rows of `performance.count_verdicts`.
        intervals: Rows of `performance.count_intervals`.
    """

    families: pl.DataFrame
    verdicts: pl.DataFrame
    intervals: pl.DataFrame

    @classmethod
    def of(cls, worlds: Worlds, chunks: Sequence[Chunk]) -> "Results":
        """What came of some worlds.

        Args:
            worlds: What came of the chunks.
            chunks: All of them, of whole families.
        """
        counted: dict[str, list[object]] = {}
        for chunk in chunks:
            row = counted.setdefault(chunk.family, [0, chunk.drawn_on, chunk.code])
            row[0] = int(str(row[0])) + chunk.last - chunk.first
        return cls._in_form(
            pl.DataFrame([(name, *row) for name, row in counted.items()], _FAMILIES, orient="row"),
            count_verdicts(worlds.verdicts),
            count_intervals(worlds.estimates),
        )

    @classmethod
    def read(cls, folder: Path) -> "Results":
        """What an earlier calibration has left in a folder; no rows where there was none.

        Raises:
            OutputError: A file is not one of these, and is not written over.
        """
        names = ("families", "verdicts", "intervals")
        schemas = (_FAMILIES, _VERDICTS, _INTERVALS)
        tables = [_read(folder / f"{n}.csv", s) for n, s in zip(names, schemas, strict=True)]
        return cls(*tables)

    def save(self, folder: Path) -> None:
        """Writes the three files."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("families", "verdicts", "intervals"):
            getattr(self, name).write_csv(folder / f"{name}.csv")

    def with_newer(self, newer: "Results", order: Sequence[str]) -> "Results":
        """These results with those of families that were judged anew.

        Args:
            newer: Their results; they take the place of what is here of the same families.
            order: Families in the order of the page. Those that are not among them are left out.
        """
        anew = newer.families["family"].to_list()
        place = pl.col("family").replace_strict(list(order), range(len(order)))
        merged = [
            pl.concat([old.filter(~pl.col("family").is_in(anew)), new])
            .filter(pl.col("family").is_in(list(order)))
            .sort(place, maintain_order=True)
            for old, new in (
                (self.families, newer.families),
                (self.verdicts, newer.verdicts),
                (self.intervals, newer.intervals),
            )
        ]
        return Results(*merged)

    def with_other_code(self, codes: Mapping[str, str]) -> list[str]:
        """Families whose worlds were judged by other code than today's, in their order.

        Args:
            codes: Family to today's code.
        """
        return [
            name
            for name, code in self.families.select("family", "code").iter_rows()
            if codes.get(name) != code
        ]

    @classmethod
    def _in_form(
        cls, families: pl.DataFrame, verdicts: pl.DataFrame, intervals: pl.DataFrame
    ) -> "Results":
        rounded = intervals.with_columns(pl.col("truth", "mean_estimate").round(_DIGITS))
        return cls(
            families,
            verdicts.select(pl.col(name).cast(kind) for name, kind in _VERDICTS.items()),
            rounded.select(pl.col(name).cast(kind) for name, kind in _INTERVALS.items()),
        )


def _read(path: Path, schema: dict[str, type[pl.DataType]]) -> pl.DataFrame:
    if not path.exists():
        return pl.DataFrame(schema=schema)
    try:
        found = pl.read_csv(path, schema_overrides=schema).select(list(schema))
        return found.with_columns(pl.col(pl.String).fill_null(""))  # "": drawn on no build
    except pl.exceptions.PolarsError as error:
        raise OutputError(
            f"{path} is no file of a calibration ({error}). Nothing was written; the worlds that"
            " were judged are kept. Move it away, or fetch it again, and run the command again."
        ) from None
