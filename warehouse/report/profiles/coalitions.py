"""Who was in the coalitions of the United States, on the day on which each list is read."""

import polars as pl

from warehouse.db import Connection

COALITIONS = {
    "iraq_2003": "Iraq 2003",
    "mnf_i": "troops in Iraq 2003",
    "daesh": "against ISIS 2014",
}
"""Coalition to its name."""

SUPPORT_LEVELS = {
    "iraq_2003": (
        "not listed",
        "listed, nothing else",
        "access or basing",
        "non-combat or post-war troops",
        "combat in the invasion",
        "leader",
    ),
    "daesh": (
        "not listed",
        "member",
        "materiel, basing or reconnaissance",
        "trainers",
        "air strikes",
    ),
}
SUPPORT_LEVELS["mnf_i"] = ("no troops", *SUPPORT_LEVELS["iraq_2003"][1:])
"""Coalition to what its levels of support mean, from 0."""

_LISTS = """
WITH days(coalition, as_of) AS (
    VALUES ('iraq_2003', DATE '2003-03-27'), ('mnf_i', DATE '2003-12-31'),
           ('daesh', DATE '2014-12-31')
)
SELECT d.coalition, s.ccode, d.as_of, coalesce(c.is_listed, false) AS is_listed,
       coalesce(c.support_level, 0) AS support_level
FROM days d
JOIN core.states s ON d.as_of BETWEEN s.valid_from AND s.counts_to
LEFT JOIN core.coalition_support c USING (coalition, ccode, as_of)
WHERE d.as_of IN (SELECT as_of FROM core.coalition_support)
ORDER BY d.as_of, s.ccode
"""


def coalitions(connection: Connection) -> pl.DataFrame:
    """Support of each state for each coalition; our own list.

    Returns:
        One row per coalition and state in the system on that day: name, as_of, is_listed,
        support_level, and support in words.
    """
    words = pl.DataFrame(
        [
            (name, level, text)
            for name, texts in SUPPORT_LEVELS.items()
            for level, text in enumerate(texts)
        ],
        schema={"coalition": pl.String, "support_level": pl.Int16, "support": pl.String},
        orient="row",
    )
    rows = pl.DataFrame(connection.sql(_LISTS).pl()).with_columns(
        pl.col("support_level").cast(pl.Int16)
    )
    rows = rows.with_columns(pl.col("coalition").replace_strict(COALITIONS).alias("name"))
    return rows.join(words, on=["coalition", "support_level"], how="left", maintain_order="left")
