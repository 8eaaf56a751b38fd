"""The texts of an archive for a repository of record: what it is, RO-Crate, Zenodo, how to rebuild.

RO-Crate 1.1 (https://www.researchobject.org/ro-crate/1.1/) and the metadata that Zenodo reads from
`.zenodo.json`. Nothing in them says when the archive was made: the same build gives the same bytes.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from warehouse.catalog.builds import PublishedBuild
from warehouse.export.citation import AUTHORS, TITLE
from warehouse.export.table_facts import SourceFacts

LICENCE = "https://spdx.org/licenses/MIT"
_CRATE = "https://w3id.org/ro/crate/1.1"
KEYWORDS = ("alliances", "United Nations", "roll-call votes", "reproducible research")

REBUILD = """#!/bin/sh
# Makes the build of this archive again, from the publishers' bytes that you have:
#     sh rebuild.sh HOME OUTPUT.duckdb
# HOME is a home of alliance-asymmetry whose snapshots/ holds what snapshots.csv lists. It ends with
# 0 where the build has the same id. ASYMMETRY_PYTHON names a Python that has the libraries of
# code/requirements.lock; without it they are installed into code/.venv.
set -eu
[ $# -eq 2 ] || { echo "usage: sh rebuild.sh HOME OUTPUT.duckdb" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
home=$(cd "$1" && pwd)
case "$2" in /*) output=$2 ;; *) output=$PWD/$2 ;; esac
if [ -z "${ASYMMETRY_PYTHON:-}" ]; then
  make -C "$here/code" install
  ASYMMETRY_PYTHON=$here/code/.venv/bin/python
fi
cd "$here/code"
ASYMMETRY_HOME=$home PYTHONPATH=$here/code exec "$ASYMMETRY_PYTHON" -m flows.cli.main \\
  rebuild "$here/build.json" --output "$output"
"""


def archive_readme(
    build: PublishedBuild, sources: Sequence[SourceFacts], tables: Sequence[str]
) -> str:
    """README.md: what lies where, and how the build is made again.

    Args:
        build: The archived build.
        sources: Its datasets.
        tables: The derived tables that are in the archive.
    """
    simulated = "\n**SIMULATED: a made-up world; its figures say nothing of ours.**\n"
    of_sources = "\n".join(
        f"* `{s.slug}` {s.version}: {s.landing_page} (SHA-256 {s.sha256})" for s in sources
    )
    return f"""# Build {build.build_id[:12]} of alliance-asymmetry
{simulated if build.is_simulated else ""}
The code, its pins and the results of one build, without any publisher's file.

| | |
|---|---|
| `code/` | the code that made it (version {build.code_version}), with `requirements.lock` |
| `build.json` | the build: id {build.build_id}, snapshots, parameters, hashes of its steps |
| `snapshots.csv` | the publishers' files that it was made of: address, size, SHA-256 |
| `tables/` | {len(tables)} tables of metrics as Parquet, codebook, citations, licences, checksums |
| `rebuild.sh` | makes it again |
| `ro-crate-metadata.json`, `.zenodo.json` | metadata for repositories |
| `SHA256SUMS` | a checksum of every file here |

To make it again, get the files of `snapshots.csv` from their publishers into a home
(`asymmetry fetch SOURCE --from-file FILE`, or a refresh), then

```sh
sh rebuild.sh HOME OUTPUT.duckdb
```

which ends with 0 where the new build has the same id. Sources, each under terms of its own
(`tables/DATA_LICENSES.md`):

{of_sources}
"""


def ro_crate(build: PublishedBuild, sources: Sequence[SourceFacts], files: Sequence[str]) -> str:
    """ro-crate-metadata.json.

    Args:
        build: The archived build.
        sources: Its datasets.
        files: Names of all files of the archive but this one and the checksums.
    """
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": f"{TITLE} (build {build.build_id[:12]})",
        "description": _description(build),
        "datePublished": build.built_at.date().isoformat(),
        "license": {"@id": LICENCE},
        "author": {"@id": "#authors"},
        "keywords": ", ".join(KEYWORDS),
        "identifier": build.build_id,
        "hasPart": [{"@id": name} for name in ("code/", *files)],
        "isBasedOn": [{"@id": source.landing_page} for source in sources],
    }
    graph: list[Mapping[str, Any]] = [
        {
            "@id": "ro-crate-metadata.json",
            "@type": "CreativeWork",
            "conformsTo": {"@id": _CRATE},
            "about": {"@id": "./"},
        },
        root,
        {"@id": "#authors", "@type": "Organization", "name": AUTHORS},
        {"@id": LICENCE, "@type": "CreativeWork", "name": "MIT License"},
        {
            "@id": "code/",
            "@type": ["Dataset", "SoftwareSourceCode"],
            "name": "alliance-asymmetry",
            "version": build.code_version,
            "programmingLanguage": "Python",
        },
        *({"@id": name, "@type": "File", "name": name} for name in files),
        *(
            {
                "@id": address,
                "@type": "Dataset",
                "name": "; ".join(s.title for s in sources if s.landing_page == address),
                "creditText": " ".join(s.citation for s in sources if s.landing_page == address),
            }
            for address in dict.fromkeys(source.landing_page for source in sources)
        ),
    ]
    content = {"@context": f"{_CRATE}/context", "@graph": graph}
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def zenodo(build: PublishedBuild, sources: Sequence[SourceFacts]) -> str:
    """.zenodo.json.

    Args:
        build: The archived build.
        sources: Its datasets.
    """
    content = {
        "title": f"{TITLE} (build {build.build_id[:12]})",
        "upload_type": "dataset",
        "description": _description(build),
        "creators": [{"name": AUTHORS}],
        "version": f"{build.code_version}, build {build.build_id[:12]}",
        "publication_date": build.built_at.date().isoformat(),
        "license": "MIT",
        "access_right": "open",
        "keywords": list(KEYWORDS),
        "references": [source.citation for source in sources],
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def _description(build: PublishedBuild) -> str:
    simulated = "SIMULATED: a made-up world. " if build.is_simulated else ""
    return (
        f"{simulated}Code, pins and derived tables of build {build.build_id}. It holds no"
        " publisher's file; rebuild.sh makes the same build from files that their publishers give."
    )
