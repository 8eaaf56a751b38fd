"""Asks an advisory service about every pinned dependency: `make audit`.

Needs pip-audit and a network that reaches the service, which continuous integration has not. It
ends with 0 only where every dependency was asked about and nothing is known of any, with 1 where
something is, and with 2 where not everything was asked: what nobody has checked is not called fine.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LOCKS = ("requirements.lock", "requirements-dev.lock")
FINE, KNOWN, NOT_CHECKED = 0, 1, 2
_PINNED = re.compile(r"[A-Za-z0-9._-]+==")
_LINES_SHOWN = 5


def pinned(text: str) -> set[str]:
    """Names in a lock file, of what is installed on this system."""
    lines = [line.rstrip(" \\") for line in text.splitlines() if _PINNED.match(line)]
    found = map(Requirement, lines)
    return {canonicalize_name(r.name) for r in found if r.marker is None or r.marker.evaluate()}


def judged(names: set[str], report: Mapping[str, Any]) -> tuple[int, list[str]]:
    """What an answer means: the exit code, and what is said.

    Args:
        names: Dependencies that have to be asked about.
        report: The answer, as `pip-audit --format json` writes it.
    """
    entries: Sequence[Mapping[str, Any]] = report.get("dependencies", ())
    asked = {canonicalize_name(entry["name"]) for entry in entries if "skip_reason" not in entry}
    lines = [
        f"{entry['name']} {entry['version']}: {fault['id']}"
        f" (mended in {', '.join(fault['fix_versions']) or 'no version yet'})"
        for entry in entries
        for fault in entry.get("vulns", ())
    ]
    if lines:
        return KNOWN, [*lines, f"{len(lines)} known faults."]
    if left := sorted(names - asked):
        return NOT_CHECKED, [f"NOT CHECKED: {len(left)} of {len(names)}: {', '.join(left)}"]
    return FINE, [f"All {len(names)} were asked about; nothing is known of any."]


def audit(lock: Path) -> tuple[int, list[str]]:
    """Asks about a lock file."""
    tool = shutil.which("pip-audit")
    if tool is None:
        return NOT_CHECKED, ["NOT CHECKED: there is no pip-audit here (pipx install pip-audit)."]
    words = [tool, "--requirement", str(lock), "--disable-pip", "--require-hashes"]
    words += ["--format", "json", "--progress-spinner", "off"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    try:
        report = json.loads(done.stdout)
    except ValueError:
        said = done.stderr.strip().splitlines()[-_LINES_SHOWN:]
        return NOT_CHECKED, ["NOT CHECKED: the advisory service did not answer:", *said]
    return judged(pinned(lock.read_text("utf-8")), report)


def main() -> int:
    """Asks about every lock file, and says what was found."""
    worst = FINE
    for name in LOCKS:
        code, lines = audit(Path(__file__).resolve().parents[1] / name)
        sys.stdout.write("".join(f"{name}: {line}\n" for line in lines))
        worst = KNOWN if KNOWN in (code, worst) else max(code, worst)
    return worst


if __name__ == "__main__":
    sys.exit(main())
