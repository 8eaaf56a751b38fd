"""The joint model's estimates on the page of findings: a table that no verdict rests on."""

from flows.reports.verdicts import interval
from transforms.metrics.claims.replications import REASONS
from warehouse.db import Connection, QueryError

_ROWS = """
SELECT (SELECT arg_max(state_name, valid_from) FROM core.states WHERE ccode = leader),
  estimate, ci_low, ci_high, null_reason, n_allies, n_switchers
FROM metrics.joint_alliance_shift WHERE scale = 'agreement' AND window_name = 'whole'
ORDER BY leader"""
_HEAD = """## Preferences and the shift of allies in one model

LP3 takes ideal points as known. Here they are estimated together with how far an alliance shifts
votes on unpopular roll calls, so that what is not known of preferences is in the interval. The
figure is the average change of the allies' expected agreement on unpopular votes. It depends on
the form of the model ([decision 17](decisions/0017-joint-model.md)): other forms gave other sizes
and other signs, and no verdict rests on it. An interval of 95 % holds within this form only.

| leader | shift of its core allies | allies | of them with a change of status |
|---|---|---:|---:|
"""


def joint_shifts(connection: Connection) -> str:
    """The section.

    Args:
        connection: An open warehouse.

    Returns:
        Markdown; a leader without an estimate has its reason. Empty for a build without the model.
    """
    try:
        rows = connection.sql(_ROWS).fetchall()
    except QueryError:  # a build of before the model
        return ""
    lines = []
    for name, estimate, low, high, reason, allies, switchers in rows:
        figures = interval(estimate, low, high) or f"not computed: {REASONS.get(reason, reason)}"
        lines.append(f"| {name} | {figures} | {allies} | {switchers} |")
    return _HEAD + "\n".join(lines) + "\n"
