"""Figures on which the claims rest, recomputed from a warehouse by plain code.

    python benchmarks/claim_figures.py [WAREHOUSE]

Shares nothing with the estimators of `transforms/metrics`: SQL for the counts, dummies and least
squares in NumPy for the rest. Said on two builds, it tells what moved between them.
"""

import sys
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

US, UK, FRANCE = 2, 200, 220
WARSAW_PACT_ENTRANTS = (290, 310, 339, 355, 360)
"""Poland, Hungary, Albania, Bulgaria, Romania: their votes of two eras carry most of LP4."""
WESTERN_NON_ALLIES = (205, 225, 305, 375, 380)
"""Ireland, Switzerland, Austria, Finland, Sweden."""
FIRST_YEAR = 1945
"""The year of a session is its number and this."""

BALLOTS = """
    SELECT v.rcid, v.ccode, v.session,
           CASE v.choice WHEN 'yes' THEN 1 WHEN 'abstain' THEN 2 ELSE 3 END AS x
    FROM core.votes v JOIN core.roll_calls r USING (rcid)
    WHERE r.in_final_only AND v.is_sovereign AND v.choice IN ('yes', 'no', 'abstain')
"""
PUBLISHED = (
    "SELECT claim, verdict, estimate, ci_low, ci_high FROM metrics.claim_verdict"
    " WHERE leader = 2 ORDER BY ALL"
)
CORE = "SELECT ccode, year, tier_core FROM marts.ally_tier WHERE ccode_hegemon = 2"


def support(db: duckdb.DuckDBPyConnection, leader: int) -> pl.DataFrame:
    """One row per roll call and state: agreement with the leader (0, .5, 1) and sigma.

    Args:
        db: An open warehouse.
        leader: COW code of the state that is sided with; it votes yes or no, else the roll call
            is left out.

    Returns:
        `rcid`, `ccode`, `session`, `a`, `is_core` (core ally of the United States on some day of
        session + 1945), `sigma` (share of states never core allies that side with the leader, the
        state's own vote out; NULL under ten of them), `sigma_all` (of all other states).
    """
    ballots, core = db.sql(BALLOTS).pl(), db.sql(CORE).pl()
    mine = ballots.filter((pl.col("ccode") == leader) & (pl.col("x") != 2)).select(
        "rcid", pl.col("x").alias("led")
    )
    rows = ballots.filter(pl.col("ccode") != leader).join(mine, on="rcid")
    ever = core.filter("tier_core")["ccode"].unique().implode()
    rows = rows.with_columns(
        a=1 - (pl.col("x").cast(pl.Int8) - pl.col("led").cast(pl.Int8)).abs() / 2,
        never=~pl.col("ccode").is_in(ever),
        same=(pl.col("x") == pl.col("led")).cast(pl.Int32),
        year=(pl.col("session") + FIRST_YEAR).cast(pl.Int16),
    )
    n_never = pl.col("never").sum().over("rcid") - pl.col("never").cast(pl.Int32)
    k_never = (pl.col("same") * pl.col("never")).sum().over("rcid") - pl.col("same") * pl.col(
        "never"
    )
    rows = rows.with_columns(
        sigma=pl.when(n_never >= 10).then(k_never / n_never),
        sigma_all=(pl.col("same").sum().over("rcid") - pl.col("same"))
        / (pl.len().over("rcid") - 1),
    )
    found: pl.DataFrame = rows.join(core, on=["ccode", "year"], how="left").with_columns(
        is_core=pl.col("tier_core").fill_null(False)
    )
    return found


def weighted_mean(frame: pl.DataFrame, values: str, weights: str) -> float:
    """Mean of a column with another as weights."""
    return float(np.average(frame[values].to_numpy(), weights=frame[weights].to_numpy()))


def cells(rows: pl.DataFrame, sigma: str, low: float, high: float) -> pl.DataFrame:
    """Mean agreement by state and session on roll calls with `low <= sigma < high`."""
    return (
        rows.filter((pl.col(sigma) >= low) & (pl.col(sigma) < high))
        .group_by("ccode", "session", "is_core")
        .agg(n=pl.len(), a=pl.col("a").mean())
        .sort("ccode", "session")
    )


def within(
    cell: pl.DataFrame,
    y: str,
    w: str,
    *,
    eras: bool = False,
    era_from: int = 46,
    counts_effects: bool = True,
    cluster_by: str = "ccode",
) -> tuple[float, float, int]:
    """The effect of core status with effects of states (by era) and sessions, weighted.

    Args:
        cell: State-sessions.
        y: Outcome.
        w: Weights.
        eras: Whether states have effects by era.
        era_from: First session of the second era.
        counts_effects: Whether the error has the factor (n − 1)/(n − k).
        cluster_by: Column of the clusters.

    Returns:
        Estimate, clustered error (CR1), number of state-sessions.
    """
    second = (pl.col("session") >= era_from).cast(pl.Int32)
    state = pl.col("ccode") * 2 + (second if eras else 0)
    frame = cell.with_columns(unit=state)
    names = ("unit", "session", cluster_by)
    unit, session, cluster = (np.unique(frame[n], return_inverse=True)[1] for n in names)
    columns = [np.eye(unit.max() + 1)[unit], np.eye(session.max() + 1)[session][:, 1:]]
    others = np.hstack(columns)
    root = np.sqrt(frame[w].to_numpy().astype(float))[:, None]
    ally = frame["is_core"].to_numpy().astype(float)[:, None]
    outcome = frame[y].to_numpy()[:, None]
    weighted, target = others * root, np.hstack([ally, outcome]) * root
    left = target - weighted @ np.linalg.lstsq(weighted, target, rcond=None)[0]
    x, z = left[:, 0], left[:, 1]
    tau = float(x @ z / (x @ x))
    score = np.bincount(cluster, weights=x * (z - tau * x))
    groups, k = len(score), np.linalg.matrix_rank(weighted) + 1 - groups_nested(unit, cluster)
    factor = groups / (groups - 1) * ((len(x) - 1) / (len(x) - k) if counts_effects else 1)
    return tau, float(np.sqrt(factor * (score @ score)) / (x @ x)), len(x)


def groups_nested(unit: np.ndarray, cluster: np.ndarray) -> int:
    """Effects that lie within clusters cost no degree of freedom."""
    return len(np.unique(unit)) if len(np.unique(unit)) >= len(np.unique(cluster)) else 0


def triple(
    rows: pl.DataFrame,
    low: float,
    high: float,
    least: int,
    *,
    sigma: str = "sigma",
    least_unpopular: int = 10,
) -> pl.DataFrame:
    """Unpopular minus control agreement of a state in a session, where each has enough votes."""
    unpopular = cells(rows, sigma, 0, 0.5).filter(pl.col("n") >= least_unpopular)
    control = cells(rows, sigma, low, high).filter(pl.col("n") >= least)
    both = unpopular.join(control, on=["ccode", "session", "is_core"], suffix="_control")
    n, m = pl.col("n"), pl.col("n_control")
    logit = [
        ((pl.col(a) * k + 0.5) / ((1 - pl.col(a)) * k + 0.5)).log()
        for a, k in (("a", n), ("a_control", m))
    ]
    return both.with_columns(
        g=pl.col("a") - pl.col("a_control"), weight=n * m / (n + m), g_logit=logit[0] - logit[1]
    )


def waves(cell: pl.DataFrame, db: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Adds the cluster: the day of the first core treaty, or the state itself."""
    first = db.sql(
        "SELECT ccode, CAST(min(in_force_from) AS VARCHAR) AS wave FROM marts.ally_tier"
        " WHERE ccode_hegemon = 2 AND tier_core GROUP BY ccode"
    ).pl()
    own = pl.lit("state ") + pl.col("ccode").cast(pl.String)
    return cell.join(first, on="ccode", how="left").with_columns(wave=pl.coalesce("wave", own))


def first_recomputation(rows: pl.DataFrame) -> list[tuple[str, str]]:
    """The triple difference as it was first found: σ over all other states, errors without n − k.

    Votes are popular for a state when half of all other states, allies among them, side with the
    leader; the second era begins in session 45; divided votes need three of each kind.
    """
    whole = triple(rows, 0.5, 1.01, 10, sigma="sigma_all")
    entrants = pl.col("ccode").is_in(WARSAW_PACT_ENTRANTS)
    consensual = triple(rows, 0.8, 1.01, 10, sigma="sigma_all")
    contested = triple(rows, 0.5, 0.8, 3, sigma="sigma_all", least_unpopular=3)
    found = {
        "triple difference": within(whole, "g", "weight", counts_effects=False),
        "the same without the five": within(
            whole.filter(~entrants), "g", "weight", counts_effects=False
        ),
        "the same with state by era effects": within(
            whole, "g", "weight", eras=True, era_from=45, counts_effects=False
        ),
        "control .8 and more": within(consensual, "g", "weight", counts_effects=False),
        "control .5 to .8": within(contested, "g", "weight", counts_effects=False),
        "logit": within(whole, "g_logit", "weight", counts_effects=False),
    }
    lines = [
        (f"σ of all states: {name}", f"{tau:.4f} (se {error:.4f}; {n:,} state-sessions)")
        for name, (tau, error, n) in found.items()
    ]
    allies = whole.filter("is_core")
    share = weighted_mean(allies, "a_control", "weight")
    return [*lines, ("σ of all states: agreement of core allies on popular votes", f"{share:.3f}")]


def levels(rows: pl.DataFrame) -> list[tuple[str, str]]:
    """Unpopular minus popular means (LP1) of allies and of Western non-allies, minus all others."""
    west = pl.col("ccode").is_in(WESTERN_NON_ALLIES)
    group = pl.when("is_core").then(pl.lit("core")).when(west).then(pl.lit("west"))
    means = (
        rows.with_columns(
            group=group.otherwise(pl.lit("others")), popular=pl.col("sigma_all") >= 0.5
        )
        .group_by("ccode", "group", "popular")
        .agg(n=pl.len(), a=pl.col("a").mean())
        .filter(pl.col("n") >= 10)
        .group_by("group", "popular")
        .agg(pl.col("a").mean())
    )
    mean = {(g, p): float(a) for g, p, a in means.iter_rows()}
    gap = {g: mean[g, False] - mean[g, True] for g in ("core", "west", "others")}
    return [
        (f"LP1 of {name}", f"{gap[g] - gap['others']:.4f}")
        for g, name in (("core", "core allies"), ("west", "Western non-allies"))
    ]


def report(db: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Each figure's name and what it is."""
    rows = support(db, US).filter(pl.col("session") != 19)
    lines: list[tuple[str, str]] = []

    def effect(name: str, frame: pl.DataFrame, y: str, w: str, *, eras: bool = False) -> None:
        tau, error, n = within(frame, y, w, eras=eras)
        lines.append((name, f"{tau:.4f} (se {error:.4f}; {n:,} state-sessions)"))

    entrants = pl.col("ccode").is_in(WARSAW_PACT_ENTRANTS)
    lp4 = cells(support(db, US), "sigma_all", 0, 0.5).filter(pl.col("n") >= 10)
    effect("LP4, core, unpopular, all sessions", lp4, "a", "n")
    effect("LP4 without the five Warsaw Pact entrants", lp4.filter(~entrants), "a", "n")
    effect("LP4 with state by era effects", lp4, "a", "n", eras=True)
    for name, low, high, least in (
        ("triple difference", 0.5, 1.01, 10),
        ("triple difference, control .8 and more", 0.8, 1.01, 3),
        ("triple difference, control .5 to .8", 0.5, 0.8, 3),
    ):
        effect(name, triple(rows, low, high, least), "g", "weight")
    whole = triple(rows, 0.5, 1.01, 10)
    effect("triple difference without the five", whole.filter(~entrants), "g", "weight")
    effect("triple difference with state by era effects", whole, "g", "weight", eras=True)
    tau, error, n = within(waves(whole, db), "g", "weight", cluster_by="wave")
    lines.append(
        ("triple difference, clusters by wave", f"{tau:.4f} (se {error:.4f}; {n:,} state-sessions)")
    )
    lines += [*first_recomputation(rows), *levels(support(db, US))]
    popular = cells(rows, "sigma", 0.5, 1.01).filter("is_core")
    share = weighted_mean(popular, "a", "n")
    lines.append(("agreement of core allies on popular votes", f"{share:.3f}"))
    for name, keep in (
        ("core allies", pl.col("is_core")),
        ("Western non-allies", pl.col("ccode").is_in(WESTERN_NON_ALLIES)),
    ):
        level = triple(rows, 0.5, 1.01, 10)
        others = ~pl.col("is_core") & ~pl.col("ccode").is_in(WESTERN_NON_ALLIES)
        means = [float(level.filter(rule)["g"].to_numpy().mean()) for rule in (keep, others)]
        gap = means[0] - means[1]
        lines.append((f"mean g of {name}, minus that of all others", f"{gap:.3f}"))
    for leader, name in ((UK, "United Kingdom"), (FRANCE, "France")):
        for first, last in ((1, 99), (46, 99)):
            with_us = support(db, leader).filter(
                (pl.col("ccode") == US)
                & (pl.col("sigma_all") < 0.5)
                & pl.col("session").is_between(first, last)
            )["a"]
            key = f"share of the unpopular votes of {name} with the US on its side, {first}–{last}"
            lines.append((key, f"{float((with_us == 1).to_numpy().mean()):.3f}"))
    for claim, verdict, *figures in db.sql(PUBLISHED).fetchall():
        if None not in figures:
            estimate, low, high = figures
            lines.append(
                (f"{claim}, published", f"{verdict}, {estimate:+.4f} [{low:+.4f}, {high:+.4f}]")
            )
    return lines


if __name__ == "__main__":
    path = Path(sys.argv[1] if len(sys.argv) > 1 else "var/warehouse.duckdb")
    with duckdb.connect(str(path), read_only=True) as warehouse:
        for figure, value in report(warehouse):
            print(f"| {figure} | {value} |")
