"""Hand-built R data in the layout of a publisher's file, unpacked as a step gets it."""

from collections.abc import Mapping, Sequence

from flows.fetch.archives import UnpackLimits
from flows.fetch.r_files import unpack_r_data
from flows.sample.files.r_data import Value, rda_bytes


def r_table(name: str, columns: Sequence[str], *rows: Sequence[Value]) -> Mapping[str, bytes]:
    """A file with one table of these rows, as `read` of a staging module takes it."""
    table = dict(zip(columns, zip(*rows, strict=True), strict=True))
    return {"data": unpack_r_data(rda_bytes(name, table), UnpackLimits(10_000_000, 1000))}
