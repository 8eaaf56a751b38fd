"""Rows of 2025 for each source of the simulated world, whose other rows end before."""

import polars as pl

from expectations.gate.coverage import MOST_YEARS_AHEAD
from flows.engine.coverage import CROSS_SECTION, dated_columns
from flows.sources import load_declarations

Tables = dict[str, pl.DataFrame]
LATER = 2025
"""The year after the list of states."""

ALL = frozenset(
    slug
    for slug, declaration in load_declarations().items()
    if declaration.coverage["dated_by"] != CROSS_SECTION
)
"""The sources whose rows have dates."""


def one_year_more(slug: str, staged: Tables) -> Tables:
    """The staged tables of a source with rows of 2025, or of session 80, which begins then."""
    return {
        "atop": one_year_more_of_alliances,
        "cow_states": one_year_more_of_states,
        "un_votes": session_80_of_the_vote_file,
        "undl_votes": session_80_of_the_library,
        "cow_capitals": spells_one_year_on,
        "cow_contiguity": spells_one_year_on,
        "strategic_rivalries": spells_one_year_on,
    }.get(slug, figures_to_2025)(staged)


def figures_to_2025(staged: Tables) -> Tables:
    """The figures of the last year again in each later one, and at least in one.

    A source whose declared end is long past has them in as many years as its gate lets through.
    """
    found = {}
    for name, table in staged.items():
        last = int(str(table["year"].max()))
        declared = [column.last for column in dated_columns(name) if column.name == "year"]
        bounds = [int(str(end)) + MOST_YEARS_AHEAD for end in declared if end is not None]
        until = min([max(last + 1, LATER), *bounds])
        years = [
            table.filter(year=last).with_columns(pl.lit(year, table.schema["year"]).alias("year"))
            for year in range(last + 1, until + 1)
        ]
        found[name] = pl.concat([table, *years])
        if "file_row" in table.columns:
            numbers = pl.int_range(1, pl.len() + 1, dtype=pl.Int32)
            found[name] = found[name].with_columns(numbers.alias("file_row"))
    return found


def spells_one_year_on(staged: Tables) -> Tables:
    """Spells that last to the end of the list last a year longer."""
    found = {}
    for name, table in staged.items():
        end = next(column for column in ("valid_to", "year_to") if column in table.columns)
        at_end = pl.col(end) == pl.col(end).max()
        later = pl.col(end).dt.offset_by("1y") if end == "valid_to" else pl.col(end) + 1
        longer = pl.when(at_end).then(later).otherwise(end).alias(end)
        found[name] = table.with_columns(longer).cast({end: table.schema[end]})
    return found


def one_year_more_of_states(staged: Tables) -> Tables:
    """The list is continued to the end of 2025; nobody has left."""
    end = pl.date(LATER, 12, 31)
    at_end = pl.col("valid_to") == pl.col("valid_to").max()
    valid_to = pl.when(at_end).then(end).otherwise("valid_to").alias("valid_to")
    return {name: table.with_columns(valid_to) for name, table in staged.items()}


def one_year_more_of_alliances(staged: Tables) -> Tables:
    """ATOP goes on to 2019, in which the last of the alliances in force ends."""
    phases = staged["staging.stg_atop__phases"]
    ended = phases.filter(ineffect=1).sort("atopid")["atopid"][-1]
    here = (pl.col("atopid") == ended) & (pl.col("ineffect") == 1)

    def ending(table: pl.DataFrame, which: str) -> pl.DataFrame:
        parts = {f"{which}_year": 2019, f"{which}_month": 6, f"{which}_day": 30, "ineffect": 0}
        return table.with_columns(
            pl.when(here).then(pl.lit(value, table.schema[name])).otherwise(name).alias(name)
            for name, value in parts.items()
        )

    years = staged["staging.stg_atop__state_years"]
    more = years.filter(year=2018).with_columns(pl.lit(2019, pl.Int16).alias("year"))
    return {
        "staging.stg_atop__phases": ending(phases, "end"),
        "staging.stg_atop__members": ending(staged["staging.stg_atop__members"], "exit"),
        "staging.stg_atop__state_years": pl.concat([years, more]),
    }


def session_80_of_the_vote_file(staged: Tables) -> Tables:
    """Its last session, 75, again in each later one."""
    votes, calls = "staging.stg_un_votes__votes", "staging.stg_un_votes__roll_calls"
    found = {name: [table] for name, table in staged.items()}
    for years in range(1, 6):
        number = (pl.col("rcid") + 1_000_000 * years).cast(pl.Int32)
        session = pl.lit(75 + years, pl.Int16).alias("session")
        days = pl.col("vote_month", "vote_date").dt.offset_by(f"{years}y")
        symbol = pl.col("resolution").str.replace("/75/", f"/{75 + years}/", literal=True)
        last = {name: table.filter(session=75) for name, table in staged.items()}
        found[votes].append(last[votes].with_columns(number, session))
        found[calls].append(last[calls].with_columns(number, session, days, symbol))
    return {name: pl.concat(tables) for name, tables in found.items()}


def session_80_of_the_library(staged: Tables) -> Tables:
    """Its last session again, four years later."""
    votes, resolutions = "staging.stg_undl_votes__votes", "staging.stg_undl_votes__resolutions"
    last = staged[resolutions].filter(session=76)
    number = (pl.col("undl_id") + 2_000_000).cast(staged[votes].schema["undl_id"])
    symbol = pl.col("resolution").str.replace("/76/", "/80/", literal=True)
    later = {
        votes: staged[votes].join(last, on="undl_id", how="semi").with_columns(number),
        resolutions: last.with_columns(
            number,
            pl.lit(80, pl.Int16).alias("session"),
            pl.lit("80").alias("session_published"),
            pl.col("vote_date").dt.offset_by("4y"),
            symbol,
        ),
    }
    return {name: pl.concat([staged[name], rows]) for name, rows in later.items()}
