"""The files of a snapshot, unpacked and verified: what a step reads."""

import hashlib

from flows.fetch.archives import extract
from flows.fetch.layout_checks import limits_of
from flows.fetch.packed_text import text_of
from flows.fetch.r_files import unpack_r_data
from flows.fetch.snapshot_record import Snapshot, compare_hash
from flows.sources import SourceDeclaration


def read_members(snapshot: Snapshot, declaration: SourceDeclaration) -> dict[str, bytes]:
    """Reads a snapshot's declared members, verified against its hash.

    Args:
        snapshot: The stored file.
        declaration: Names the members of an archive.

    Returns:
        Entity to bytes; a single file is `data`. R data are unpacked, and so is a text that this
        release has in a zip.

    Raises:
        SnapshotDamagedError: The bytes are not those that the snapshot's id names.
        ArchiveError: The archive is not as declared.
    """
    data = snapshot.path.read_bytes()
    compare_hash(hashlib.sha256(data).hexdigest(), snapshot)
    if declaration.file_format == "rda":
        return {"data": unpack_r_data(data, limits_of(declaration))}
    if declaration.file_format != "zip":
        return {"data": text_of(declaration, data)}
    return extract(data, declaration.members, limits_of(declaration))
