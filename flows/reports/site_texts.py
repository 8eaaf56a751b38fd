"""What the site says that the warehouse does not hold: of claims, of changes, how to cite."""

from importlib.metadata import version

from flows.engine.reference import read_reference
from flows.home.paths import Home
from flows.reports.state_named import names_of_one, state_names
from transforms.metrics.claims.claim_definitions import Claim, read_claims
from warehouse.catalog.builds import current_build
from warehouse.db import Connection
from warehouse.report.profiles.states import states
from warehouse.report.site.texts import ClaimText, SiteTexts


def site_texts(home: Home, connection: Connection) -> SiteTexts:
    """The texts of the site of a build.

    Args:
        home: The home, in which the build has left what it changed.
        connection: Its published build.
    """
    build = current_build(connection)
    build_id = build.build_id if build else ""
    claims = read_claims(read_reference("claims.yml"))
    changes = home.changes / f"{build_id[:16]}.md"
    return SiteTexts(
        claims={claim.name: _text_of(claim) for claim in claims},
        changes=changes.read_text("utf-8") if changes.is_file() else None,
        names=names_of_one(state_names(states(connection))),
        citation="The alliance-asymmetry authors. alliance-asymmetry: UN voting, alliance treaties"
        f" and metrics of alliance asymmetry. Version {version('alliance-asymmetry')}.",
    )


def _text_of(claim: Claim) -> ClaimText:
    """What would change our mind is, where no data bear on a claim, the data that would."""
    if claim.would_test:
        changing = [f"It needs {claim.would_test}."]
    else:
        changing = [f"It is refuted if {f.says}." for f in claim.interval_falsifiers]
        changing += [f"It is weakened if {f.says}." for f in claim.weakening]
    changing = changing or ["It is refuted if the interval lies on the other side of 0."]
    return ClaimText(claim.reading, claim.limits, tuple(changing))
