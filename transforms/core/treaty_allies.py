"""`core.treaty_allies`: allies by dated treaty, in the tiers core, treaty and guarantee.

Dates are those of entry into force, not of signature as in ATOP: with ATOP's dates seven
aspirants to NATO would count as allies during the invasion of Iraq in March 2003.

Of the United States:

* core: NATO, and the treaties with Japan, South Korea, the Philippines, Australia, New Zealand
  (until 1986), Taiwan (until 1979) and Thailand;
* treaty: also the parties of the Rio treaty;
* guarantee: also the Compacts of Free Association.

Of the Soviet Union and Russia, and of China:

* core: mutual assistance by the Warsaw Treaty, bilateral treaties, the Collective Security Treaty
  with every entry and leave, and the Union State;
* treaty: also promises against Germany or Japan alone, under a condition, or in dispute;
* partner: no tier but a flag, for treaties of consultation and observers.

The lists are known to the day that each declares to cover: a treaty without an end counts to that
day (`counts_to`), and is neither carried further nor over.
"""

from collections.abc import Mapping

import polars as pl

from transforms.core.coalition_support import day
from transforms.core.known_states import keep_known_states
from transforms.coverage import Coverage
from transforms.step_result import StepResult, count_losses

UNITED_STATES = 2
RUSSIA = 365
CHINA = 710

# ATOP's numbers of the two multilateral treaties that have files of their own.
_NATO = 3180
_RIO = 3075

_COLUMNS = (
    "ccode_hegemon", "ccode", "treaty", "atopid", "signed_on", "in_force_from", "in_force_to",
    "counts_to", "tier", "is_cofa", "basis", "confidence", "note",
)  # fmt: skip


def build_treaty_allies(
    *,
    us_defence_treaties: pl.DataFrame,
    nato_accessions: pl.DataFrame,
    rio_parties: pl.DataFrame,
    soviet_russian_alliances: pl.DataFrame,
    chinese_alliances: pl.DataFrame,
    states: pl.DataFrame,
    coverage: Mapping[str, Coverage],
) -> StepResult:
    """Builds `core.treaty_allies`: one row per hegemon, state, treaty and spell.

    Args:
        us_defence_treaties: Instruments with single partners; tier none is left out.
        nato_accessions: Members of NATO by entry into force.
        rio_parties: Parties of the Rio treaty by deposit of their ratification.
        soviet_russian_alliances: Instruments of the Soviet Union and Russia, by partner.
        chinese_alliances: Those of China.
        states: `core.states`.
        coverage: Of the five lists.

    Returns:
        `core.treaty_allies`. Lost: the hegemon's own rows (`hegemon_itself`), instruments
        of no tier (`in_no_tier`), and states that the list of states does not have
        (`not_in_system`).

    Raises:
        ValueError: A date cannot be read.
    """

    def dated(file: str, listed: pl.DataFrame, hegemon: int = UNITED_STATES) -> pl.DataFrame:
        return _dated(listed, file, coverage[file], hegemon)

    no_compacts = pl.lit("no").alias("is_cofa")
    of_russia = dated("soviet_russian_alliances", soviet_russian_alliances, RUSSIA)
    of_china = dated("chinese_alliances", chinese_alliances, CHINA)
    rows = pl.concat([
        _multilateral(dated("nato_accessions", nato_accessions), "nato_1949", _NATO, "core"),
        _multilateral(dated("rio_parties", rio_parties), "rio_1947", _RIO, "treaty"),
        _single(dated("us_defence_treaties", us_defence_treaties)),
        _single(of_russia.with_columns(no_compacts)),
        _single(of_china.with_columns(no_compacts)),
    ])  # fmt: skip
    reason = (
        pl.when(pl.col("ccode") == pl.col("ccode_hegemon"))
        .then(pl.lit("hegemon_itself"))
        .when(pl.col("tier") == "none")
        .then(pl.lit("in_no_tier"))
    )
    marked = rows.with_columns(reason.alias("reason"))
    losses = count_losses(
        marked.filter(pl.col("reason").is_not_null()),
        from_table="reference.treaties",
        to_table="core.treaty_allies",
        key=("treaty", "ccode"),
    )
    kept = marked.filter(pl.col("reason").is_null()).select(_COLUMNS)
    allies, unknown = keep_known_states(
        kept,
        states,
        reference="treaties",
        to_table="core.treaty_allies",
        key=("treaty", "ccode", "in_force_from"),
    )
    order = ("ccode_hegemon", "ccode", "treaty", "in_force_from")
    return StepResult(
        {"core.treaty_allies": allies.sort(order)},
        pl.concat([losses, unknown]),
    )


def _multilateral(parties: pl.DataFrame, treaty: str, atopid: int, tier: str) -> pl.DataFrame:
    return parties.with_columns(
        pl.lit(treaty).alias("treaty"),
        pl.lit(atopid, dtype=pl.Int32).alias("atopid"),
        pl.lit(tier).alias("tier"),
        pl.lit(False).alias("is_cofa"),
        pl.lit("treaty").alias("basis"),
    ).select(_COLUMNS)  # fmt: skip


def _single(treaties: pl.DataFrame) -> pl.DataFrame:
    return treaties.with_columns(
        pl.col("atopid").cast(pl.Int32),
        (pl.col("is_cofa") == "yes").alias("is_cofa"),
        pl.col("form").alias("basis"),
    ).select(_COLUMNS)  # fmt: skip


def _dated(rows: pl.DataFrame, file: str, covered: Coverage, hegemon: int) -> pl.DataFrame:
    return rows.with_columns(
        pl.lit(hegemon, dtype=pl.Int16).alias("ccode_hegemon"),
        pl.col("ccode").cast(pl.Int16),
        day(rows, "signed_on", file),
        day(rows, "in_force_from", file),
        day(rows, "in_force_to", file),
    ).with_columns(pl.col("in_force_to").fill_null(covered.end()).alias("counts_to"))
