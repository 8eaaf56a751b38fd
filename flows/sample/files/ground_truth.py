"""The true values of the simulated world, for tests of methods."""

import json
from dataclasses import asdict

from flows.sample.files.formats import Cell, csv_bytes
from flows.sample.files.un_votes import resolution_symbol
from flows.sample.model.ideal_points import World
from flows.sample.model.parameters import BLOC_PATHS, SESSIONS, UNPOPULAR_SHARES
from flows.sample.model.quirks import Quirks
from flows.sample.model.votes import NOT_MEMBER, Ballots

FOLDER = "ground_truth"


def ground_truth_files(world: World, ballots: Ballots, quirks: Quirks) -> dict[str, bytes]:
    """Writes the generator's true values.

    Args:
        world: The states and their ideal points.
        ballots: Their votes and the size of the alliance effect.
        quirks: Deliberate errors of the vote files.

    Returns:
        Path below the world's root to content:
        `parameters.json` (seed, parameters of the model, effect, oddities),
        `ideal_points.csv` (state × session of membership: θ, bloc, share of the session's roll
        calls on which a guarantee of the hegemon was in force) and
        `roll_calls.csv` (roll call: its day, kind by design, slope and cutpoints).
    """
    return {
        f"{FOLDER}/parameters.json": _parameters(world, ballots, quirks),
        f"{FOLDER}/ideal_points.csv": _ideal_points(world, ballots),
        f"{FOLDER}/roll_calls.csv": _roll_calls(ballots),
    }


def _parameters(world: World, ballots: Ballots, quirks: Quirks) -> bytes:
    known = {
        "simulated": True,
        "seed": world.seed,
        "model": asdict(world.parameters),
        "effect_on_agreement": ballots.effect_on_agreement,
        "bloc_paths": BLOC_PATHS,
        "unpopular_shares_before_session": UNPOPULAR_SHARES,
        "oddities": asdict(quirks),
    }
    return (json.dumps(known, indent=2, ensure_ascii=False) + "\n").encode("utf-8")


def _ideal_points(world: World, ballots: Ballots) -> bytes:
    rows: list[list[Cell]] = []
    for session in range(1, SESSIONS + 1):
        calls = [k for k, c in enumerate(ballots.calls) if c.session == session]
        for k, state in enumerate(world.states):
            seated = [row for row in calls if ballots.choices[row, k] != NOT_MEMBER]
            if seated:
                share = float(ballots.allies[seated, k].mean())
                theta = f"{world.ideal_points[k, session - 1]:.6f}"
                rows.append([state.ccode, session, state.bloc, theta, f"{share:.4f}"])
    return csv_bytes(["ccode", "session", "bloc", "theta", "share_guaranteed"], rows)


def _roll_calls(ballots: Ballots) -> bytes:
    header = ["rcid", "session", "day", "unres", "mark", "kind", "unpopular_by_design"]
    header += ["slope", "cut_yes", "cut_no"]
    rows: list[list[Cell]] = [
        [
            c.rcid,
            c.session,
            c.day.isoformat(),
            resolution_symbol(c),
            c.mark,
            c.kind,
            int(c.kind == "unpopular"),
            f"{c.slope:.6f}",
            f"{c.cut_yes:.6f}",
            f"{c.cut_no:.6f}",
        ]
        for c in ballots.calls
    ]
    return csv_bytes(header, rows)
