"""`metrics.institutionalization`: institutions of an alliance, by the codes of Leeds and Anac.

=========  =====================================================================================
hinst      1 if a common defence policy (milcon = 3), an integrated command (intcom = 1) or
           bases (base > 0)
minst      1 if military contact in peace (milcon = 2), training or technology (milaid 3, 4),
           subordination (subord > 0), cost shares (contrib = 1) or an organisation with a
           military purpose (orgpurp1, orgpurp2 ∈ {1, 4})
milinst    2 if hinst, else 1 if minst, else 0
pubtreat   1 if a treaty that needs ratification (estmode = 1), not wholly secret (pubsecr ≠ 2)
formorg    1 if a named organisation or a permanent bureaucracy (organ1, organ2 ∈ {2, 3})
formal     pubtreat + formorg, 0 to 2; 0 where only one of the two is known
=========  =====================================================================================

A code is NULL where none of its variables is known (ATOP did not find the text); where some are,
the unknown ones count as conditions that are not met (and an unknown pubsecr as not secret).
`n_variables_known` says how many of the twelve are known.

`formal` follows the codes that ATOP itself gives out: where only one of pubtreat and formorg is
known it is 0, whatever the known one is, and NULL only where neither is. Such a 0 says that
formality is not established, not that the treaty has none: `formal_basis` tells the two apart.

These are properties of the alliance, with one value for all members: they have no direction.

References: Leeds and Anac 2005 (International Interactions 31: 183-202).

Worked example: the North Atlantic Treaty from 1951: milinst 2, pubtreat 1, formorg 1, formal 2.
"""

from collections.abc import Sequence

import polars as pl

from transforms.step_result import StepResult

TABLE = "metrics.institutionalization"

MILITARY_PURPOSES = [1, 4]
TRAINING_OR_TECHNOLOGY = [3, 4]
ORGANISATIONS = [2, 3]
WHOLLY_SECRET = 2

VARIABLES = {
    "hinst": ("milcon", "intcom", "base"),
    "minst": ("milcon", "milaid", "subord", "contrib", "orgpurp1", "orgpurp2"),
    "pubtreat": ("estmode", "pubsecr"),
    "formorg": ("organ1", "organ2"),
}
CODES = ("hinst", "minst", "milinst", "pubtreat", "formorg", "formal")


def build_institutionalization(*, alliances: pl.DataFrame) -> StepResult:
    """Codes every alliance-phase.

    Args:
        alliances: `core.alliances`.

    Returns:
        One row per alliance and phase. Nothing is lost; a row with a NULL code has
        null_reason unit_not_in_source.
    """
    purposes, organs = pl.col("orgpurp1", "orgpurp2"), pl.col("organ1", "organ2")
    conditions = {
        "hinst": [pl.col("milcon") == 3, pl.col("intcom") == 1, pl.col("base") > 0],
        "minst": [
            pl.col("milcon") == 2,
            pl.col("milaid").is_in(TRAINING_OR_TECHNOLOGY),
            pl.col("subord") > 0,
            pl.col("contrib") == 1,
            purposes.is_in(MILITARY_PURPOSES),
        ],
        "pubtreat": [(pl.col("estmode") == 1) & pl.col("pubsecr").ne_missing(WHOLLY_SECRET)],
        "formorg": [organs.is_in(ORGANISATIONS)],
    }
    coded = alliances.with_columns(
        _code(met, VARIABLES[name]).alias(name) for name, met in conditions.items()
    )
    known = sorted({v for variables in VARIABLES.values() for v in variables})
    milinst = (
        pl.when(pl.col("hinst") == 1)
        .then(2)
        .when(pl.col("hinst").is_not_null() | pl.col("minst").is_not_null())
        .then(pl.col("minst").fill_null(0))
    )
    table = coded.select(
        "atopid",
        "phase",
        "hinst",
        "minst",
        milinst.cast(pl.Int16).alias("milinst"),
        "pubtreat",
        "formorg",
        _formal().alias("formal"),
        _formal_basis().alias("formal_basis"),
        pl.sum_horizontal(pl.col(v).is_not_null() for v in known)
        .cast(pl.Int16)
        .alias("n_variables_known"),
    ).with_columns(
        pl.when(pl.any_horizontal(pl.col(c).is_null() for c in CODES))
        .then(pl.lit("unit_not_in_source"))
        .alias("null_reason")
    )
    return StepResult({TABLE: table.sort("atopid", "phase")})


def _formal() -> pl.Expr:
    """The sum of the two codes; 0 where one of them is missing, as ATOP has it."""
    both = pl.col("pubtreat") + pl.col("formorg")
    one_known = pl.col("pubtreat").is_not_null() | pl.col("formorg").is_not_null()
    return pl.when(both.is_not_null()).then(both).when(one_known).then(pl.lit(0, pl.Int16))


def _formal_basis() -> pl.Expr:
    """Whether `formal` rests on both of its codes or on one."""
    known = pl.col("pubtreat").is_not_null().cast(pl.Int8) + pl.col("formorg").is_not_null()
    return pl.when(known == 2).then(pl.lit("both_codes")).when(known == 1).then(pl.lit("one_code"))


def _code(conditions: Sequence[pl.Expr], variables: Sequence[str]) -> pl.Expr:
    """1 if one of the conditions is met, 0 if none, NULL if nothing is known."""
    met = pl.any_horizontal(c.fill_null(False) for c in conditions)
    is_known = pl.any_horizontal(pl.col(v).is_not_null() for v in variables)
    return pl.when(is_known).then(met.cast(pl.Int16))
