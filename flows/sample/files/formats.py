"""Writes CSV and zip; the same rows give the same bytes on every machine."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence

Cell = str | int | float | None


def csv_bytes(
    header: Sequence[str], rows: Iterable[Sequence[Cell]], *, newline: str = "\n"
) -> bytes:
    """Writes a table as UTF-8 CSV, quoting only where needed.

    Args:
        header: Column names.
        rows: Cells; None is an empty cell.
        newline: End of line.

    Returns:
        The file.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=newline)
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def zip_bytes(members: Mapping[str, bytes]) -> bytes:
    """Packs files without compressing them.

    The bytes depend on neither the clock nor the release of zlib: every member is dated 2024-01-01
    and stored uncompressed.

    Args:
        members: Path in the archive to content, in the order wanted.

    Returns:
        The archive.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for path, content in members.items():
            entry = zipfile.ZipInfo(path, date_time=(2024, 1, 1, 0, 0, 0))
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return packed.getvalue()
