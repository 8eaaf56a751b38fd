"""The bundle: answers of a real build, shipped with the package, for those who have built nothing.

It is what `profiles/` gives, one Parquet file per frame, and `bundle.json`, which says of which
build. No row of a publisher is in it, nor a figure of fewer than five votes.
"""

import hashlib
import io
import json
from dataclasses import asdict
from pathlib import Path

import polars as pl

from warehouse.catalog.builds import current_build
from warehouse.db import Connection
from warehouse.report.profiles.frames import RESTS_ON, read_frames
from warehouse.report.shipped_bundle import ABOUT, Bundle

MOST_BYTES = 3_000_000
"""A package that everybody installs."""


class NotABundleError(ValueError):
    """A bundle cannot be made of that build; the message says why."""


def write_bundle(connection: Connection, folder: Path) -> Bundle:
    """Writes the bundle of a published build.

    Args:
        connection: The build, read-only.
        folder: `warehouse/report/bundle` of a checkout; files of an older bundle are removed.

    Raises:
        NotABundleError: The build is simulated, has a file of a user in it, or gives too much;
            nothing was written.
    """
    build = current_build(connection)
    if build is None or build.is_simulated:
        raise NotABundleError("That build is simulated: a bundle has figures of the real world.")
    if build.parameters:
        raise NotABundleError("That build has a file of its user's in it: build without it first.")
    packed = {name: _packed(frame) for name, frame in read_frames(connection).items()}
    if (size := sum(map(len, packed.values()))) > MOST_BYTES:
        raise NotABundleError(f"The bundle would have {size:,} bytes, more than {MOST_BYTES:,}.")
    steps = connection.execute(
        "SELECT DISTINCT step, step_hash FROM meta.lineage WHERE table_name IN"
        " (SELECT unnest(?)) ORDER BY step",
        [list(RESTS_ON)],
    )
    hashes = dict(steps.fetchall())
    sources = connection.execute("SELECT slug, sha256 FROM meta.snapshots ORDER BY slug")
    bundle = Bundle(
        build_id=build.build_id,
        built_at=build.built_at.isoformat(timespec="seconds"),
        code_version=build.code_version,
        snapshots=dict(sources.fetchall()),
        steps=hashes,
        sha256={name: hashlib.sha256(content).hexdigest() for name, content in packed.items()},
    )
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.parquet"):
        old.unlink()
    for name, content in packed.items():
        (folder / f"{name}.parquet").write_bytes(content)
    about = json.dumps(asdict(bundle), indent=1)
    (folder / ABOUT).write_text(about + "\n", "utf-8")
    return bundle


def _packed(frame: pl.DataFrame) -> bytes:
    content = io.BytesIO()
    frame.write_parquet(content, compression="zstd", compression_level=19)
    return content.getvalue()
