"""Drawn agreement with a leader, on the real numbers of votes by state, session and class.

A world for claims on `metrics.legitimation_gap` keeps its rows: who voted how often on unpopular,
consensual and contested votes in which session, and was an ally. Counts of agreement are drawn:

p(class) = logistic(level of the class + its shock of the session + loading of the class · θ_is +
its own deviation of the state, which fades, + drift) + effect on unpopular votes, within (0, 1);
θ_is = lasting preference of the state, nearer the leader for those that are its allies at some
time and for neutral states of the Western group, + a part of it that fades over sessions
(autocorrelation .9) + a like part of all states that became allies on one day.

Allies agree on unpopular votes in about half of them, others in a sixth; on consensual votes nearly
all agree, so that states near the leader meet a ceiling there, as the real ones do. Popular votes
are both kinds of control votes; where a subset has no other, seven in ten are consensual. Votes for
another leader have preferences of their own. Drift: states that became allies move towards the
leader on all votes, by .7 log odds in equal steps over the five sessions before joining, and stay
there. Consensual votes may be as divided as unpopular ones, so that nothing meets a ceiling.

Spreads are about those of the real rows: residuals of the gap, when effects of state and session
are out, have a standard deviation of .10 (.12) and an autocorrelation of .45 (.66).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from transforms.calibration.scenario import Values
from transforms.calibration.worlds.partner_preponderance import fading
from transforms.contingency_tables import Floats
from transforms.metrics.legitimation.estimators import LOGIT_CONTINUITY

LEVELS = {"unpopular": -2.1, "contested": 1.3, "consensual": 3.3}
LOADINGS = {"unpopular": 1.0, "contested": 0.7, "consensual": 0.5}
SESSION_SD = {"unpopular": 0.6, "contested": 0.4, "consensual": 0.4}
NEARER, STATE_SD, FADING_SD, WAVE_SD, CLASS_SD = 1.7, 0.9, 0.45, 0.15, 0.4
PERSISTENCE = 0.9
DRIFT, SESSIONS_OF_DRIFT = 0.7, 5
COUNT_PART = 0.5  # of the spread of a binomial: the same resolutions come back every year
CONSENSUAL_PART = 0.7
BOUND = 0.005


@dataclass(frozen=True)
class Agreement:
    """Rows of the gap, and to what each belongs.

    Attributes:
        gaps: Rows of `metrics.legitimation_gap`.
        unit: Place of leader, subset, state and session of each, for its unpopular votes.
        first_of_unit: First row of each unit.
        pair: Place of leader, state and session.
        state_of: Place of leader and state of each pair.
        session_of: Place of leader and session.
        time_of: Session, from 0.
        wave_of: Place of leader and cluster.
        joined_of: Sessions since the state's first as an ally, 0 then; far below 0 where it
            never was one.
        is_neutral: Whether the state is as near the leader as its allies, but never joins.
        rows_of_class: Class of control votes to its rows.
        parts: Rows of popular votes, and of these their consensual and contested rows; the same
            row twice where a subset has no other class.
    """

    gaps: pl.DataFrame
    unit: Values
    first_of_unit: Values
    pair: Values
    state_of: Values
    session_of: Values
    time_of: Values
    wave_of: Values
    joined_of: Values
    is_neutral: Values
    rows_of_class: Mapping[str, Values]
    parts: tuple[Values, Values, Values]


NEVER = -999
"""Sessions since joining of a state that never joins."""


def agreement(gaps: pl.DataFrame, neutral: Sequence[int] = ()) -> Agreement:
    """Arranges rows.

    Args:
        gaps: Rows of `metrics.legitimation_gap`, whole subsets of one or several leaders.
        neutral: States that are as near the leader as its allies, but never join.
    """
    key = ["leader", "vote_subset", "control_class", "session", "ccode"]
    gaps = gaps.sort(key).with_row_index("place")
    pair = place_of(gaps, "leader", "ccode", "session")
    first = np.unique(pair, return_index=True)[1]
    pairs = gaps[first.tolist()]
    is_ally = pl.col("is_ally").fill_null(False)
    entry = pl.col("session").filter(is_ally).min().over("leader", "ccode")
    since = pairs.select((pl.col("session") - entry).fill_null(NEVER).alias("since"))["since"]
    is_neutral = pairs["ccode"].is_in(list(neutral)).to_numpy()
    unit = place_of(gaps, "leader", "vote_subset", "ccode", "session")
    classes = gaps["control_class"].to_numpy().astype(str)
    found = {name: np.flatnonzero(classes == name) for name in ("popular", *list(LEVELS)[1:])}
    return Agreement(
        gaps=gaps,
        unit=unit,
        first_of_unit=np.unique(unit, return_index=True)[1],
        pair=pair,
        state_of=place_of(pairs, "leader", "ccode"),
        session_of=place_of(pairs, "leader", "session"),
        time_of=pairs["session"].to_numpy().astype(np.int64),
        wave_of=place_of(pairs, "leader", "cluster"),
        joined_of=since.to_numpy().astype(np.int64),
        is_neutral=is_neutral,
        rows_of_class=found,
        parts=_parts(unit, found),
    )


def place_of(rows: pl.DataFrame, *columns: str) -> Values:
    """Place of each row's values among all values of the columns, in their order."""
    ranks = rows.select(pl.struct(columns).rank("dense").alias("k"))["k"]
    return (ranks - 1).cast(pl.Int64).to_numpy()


def _parts(unit: Values, found: Mapping[str, Values]) -> tuple[Values, Values, Values]:
    """Rows of popular votes that have rows of both other classes, and these; −1 without."""
    popular = found["popular"]
    parts = []
    for name in ("consensual", "contested"):
        of_unit = np.full(int(unit.max()) + 1, -1, np.int64)
        of_unit[unit[found[name]]] = found[name]
        parts.append(of_unit[unit[popular]])
    return popular, parts[0], parts[1]


def drawn(
    on: Agreement,
    rng: np.random.Generator,
    effect: Floats,
    *,
    drift: Floats | float = 0.0,
    has_ceiling: bool = True,
    tradition: float = 0.0,
) -> pl.DataFrame:
    """Rows of the gap with drawn agreement.

    Args:
        on: The rows.
        rng: Random numbers.
        effect: What is added to the probability of agreeing on unpopular votes, by row.
        drift: How far states drift before they join, times what is usual, by pair.
        has_ceiling: Whether consensual votes have a level of their own.
        tradition: What neutral states have in common on unpopular votes (log odds).
    """
    theta = _preferences(on, rng)
    steps = np.clip(on.joined_of + SESSIONS_OF_DRIFT, 0, SESSIONS_OF_DRIFT) / SESSIONS_OF_DRIFT
    drifted = DRIFT * steps * drift
    kinds = {name: name if has_ceiling else "unpopular" for name in LEVELS}
    own = {name: drifted + tradition * on.is_neutral * (name == "unpopular") for name in kinds}
    p = {name: _probability(on, rng, theta, kind, own[name]) for name, kind in kinds.items()}
    n_u, n_c = (on.gaps[f"n_{side}"].to_numpy() for side in ("unpopular", "control"))
    at = on.first_of_unit
    p_u = np.clip(p["unpopular"][on.pair[at]] + effect[at], BOUND, 1 - BOUND)
    with_u = _counts(rng, n_u[at], p_u)[on.unit]
    with_c = np.zeros(len(n_c))
    for name in ("consensual", "contested"):
        rows = on.rows_of_class[name]
        with_c[rows] = _counts(rng, n_c[rows], p[name][on.pair[rows]])
    popular, consensual, contested = on.parts
    mixed = CONSENSUAL_PART * p["consensual"] + (1 - CONSENSUAL_PART) * p["contested"]
    alone = _counts(rng, n_c[popular], mixed[on.pair[popular]])
    both = (consensual >= 0) & (contested >= 0)
    with_c[popular] = np.where(both, with_c[consensual] + with_c[contested], alone)
    return _with_gaps(on.gaps, with_u, with_c)


def _counts(rng: np.random.Generator, n: Values, p: Floats) -> Floats:
    """Votes on which a state agrees, of n."""
    spread = COUNT_PART * np.sqrt(n * p * (1 - p))
    return np.asarray(np.clip(np.rint(n * p + spread * rng.normal(0.0, 1.0, len(p))), 0, n))


def _preferences(on: Agreement, rng: np.random.Generator) -> Floats:
    n_states, n_waves = int(on.state_of.max()) + 1, int(on.wave_of.max()) + 1
    n_times = int(on.time_of.max()) + 1
    own = rng.normal(0.0, STATE_SD, n_states)
    nearer = NEARER * ((on.joined_of > NEVER) | on.is_neutral)
    faded = FADING_SD * fading(rng, (n_states, n_times), PERSISTENCE)
    of_wave = WAVE_SD * fading(rng, (n_waves, n_times), PERSISTENCE)
    return np.asarray(
        nearer + own[on.state_of] + faded[on.state_of, on.time_of] + of_wave[on.wave_of, on.time_of]
    )


def _probability(
    on: Agreement, rng: np.random.Generator, theta: Floats, kind: str, drift: Floats
) -> Floats:
    """Probability of agreeing on a kind of votes, by pair."""
    shocks = rng.normal(0.0, SESSION_SD[kind], int(on.session_of.max()) + 1)
    shape = (int(on.state_of.max()) + 1, int(on.time_of.max()) + 1)
    own = CLASS_SD * fading(rng, shape, PERSISTENCE)[on.state_of, on.time_of]
    logits = LEVELS[kind] + shocks[on.session_of] + LOADINGS[kind] * theta + own + drift
    return np.asarray(1 / (1 + np.exp(-logits)))


def _with_gaps(gaps: pl.DataFrame, with_u: Floats, with_c: Floats) -> pl.DataFrame:
    """Agreement and gaps of drawn counts, as `metrics.legitimation_gap` has them."""
    n, m = pl.col("n_unpopular"), pl.col("n_control")
    u, c = pl.col("with_unpopular"), pl.col("with_control")
    enough = pl.col("null_reason").is_null()
    logits = [
        ((w + LOGIT_CONTINUITY) / (k - w + LOGIT_CONTINUITY)).log() for w, k in ((u, n), (c, m))
    ]
    return (
        gaps.with_columns(pl.Series("with_unpopular", with_u), pl.Series("with_control", with_c))
        .with_columns(
            (u / n).fill_nan(None).alias("agreement_unpopular"),
            (c / m).fill_nan(None).alias("agreement_control"),
            pl.when(enough).then(u / n - c / m).alias("gap"),
            pl.when(enough).then(logits[0] - logits[1]).alias("gap_logit"),
        )
        .drop("with_unpopular", "with_control")
    )
