"""What is said of releases that have lost something, and the error that stops a build."""

from collections.abc import Iterable, Iterator, Sequence

from expectations.releases.findings import Finding, example_words
from expectations.shown_text import shown
from flows.home.release_records import Comparison

_SHOWN_FINDINGS = 8
_SHOWN_EXAMPLES = 5
_INDENT = " " * 11


class ReleaseHeldError(Exception):
    """A release has lost or changed more than its bounds allow, and nobody has accepted it.

    Args:
        held: The comparisons that stop the build.
    """

    def __init__(self, held: Iterable[Comparison]) -> None:
        self.held = tuple(held)
        super().__init__("\n".join(_message_lines(self.held)))


def refuse_held(comparisons: Iterable[Comparison]) -> None:
    """Stops a build that would publish a release that is held.

    Raises:
        ReleaseHeldError: Its message names sources, snapshots, findings, what is intact and what
            to do.
    """
    if held := [comparison for comparison in comparisons if comparison.is_held]:
        raise ReleaseHeldError(held)


def accept_command(comparison: Comparison) -> str:
    """The command that accepts a release, its reason still to be written."""
    release = comparison.release
    return f'asymmetry releases accept {release.slug} {release.snapshot_id} --because "…"'


def in_short(comparison: Comparison) -> str:
    """The gravest finding in one line, and how many more there are."""
    notable = comparison.notable()
    if not notable:
        return "nothing was lost, and no more was revised than is usual"
    more = f", and {len(notable) - 1} more" if len(notable) > 1 else ""
    return f"{notable[0].words()}{more}"


def finding_lines(finding: Finding) -> Iterator[str]:
    """A finding as lines of text: how much, why it matters, the first examples."""
    bound = "" if finding.bound is None else f", {finding.severity} beyond {finding.bound:.1%}"
    yield f"  {finding.severity:<8} {shown(finding.words())}{bound}"
    yield f"{_INDENT}why it matters: {finding.why}"
    for example in finding.examples[:_SHOWN_EXAMPLES]:
        yield f"{_INDENT}{example_words(example)}"
    if (hidden := len(finding.examples) - _SHOWN_EXAMPLES) > 0:
        yield f"{_INDENT}… and {hidden:,} more"


def _message_lines(held: Sequence[Comparison]) -> Iterator[str]:
    for comparison in held:
        release, notable = comparison.release, comparison.notable()
        yield (
            f"The new release of {release.slug} is held: {release.snapshot_id} has lost or changed"
            f" more of {release.previous_snapshot_id}, which is published, than its bounds allow."
        )
        for finding in notable[:_SHOWN_FINDINGS]:
            yield from finding_lines(finding)
        if (hidden := len(notable) - _SHOWN_FINDINGS) > 0:
            yield f"  … and {hidden} more findings: `asymmetry releases {release.slug}`"
    yield "Nothing of this build was published: the published warehouse and every snapshot are"
    yield "untouched, and the staged tables are kept. Compare with the publisher's own notes. If"
    yield "the file is broken, wait for a better one, which is compared anew. If it is right, say"
    yield "so, and run again (it counts for exactly these bytes):"
    for comparison in held:
        yield f"  {accept_command(comparison)}"
