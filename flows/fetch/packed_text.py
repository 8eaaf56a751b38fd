"""A text that some releases of a source have in a zip, beside other files.

The declaration names the text by a pattern (`layouts`, `member`): the World Bank writes the day of
the download into the name of its table, and puts two tables of metadata beside it.
"""

import io
import re
import zipfile
from pathlib import Path

from flows.fetch.archives import ArchiveError, UnpackLimits, extract
from flows.sources import SourceDeclaration

ZIP_MAGIC = b"PK\x03\x04"


def may_be_packed(declaration: SourceDeclaration) -> bool:
    """Whether some releases of a text source come in a zip."""
    return any(layout.member for layout in declaration.layouts)


def text_of(declaration: SourceDeclaration, file: Path | bytes) -> bytes:
    """The text of a single-file source, out of its zip where it is in one.

    Args:
        declaration: The source; its layouts name members of a zip.
        file: The file, by path or as bytes.

    Raises:
        ArchiveError: A zip without a member that a layout names, or with several; or one that is
            not safe to read.
    """
    data = file if isinstance(file, bytes) else file.read_bytes()
    if not (data.startswith(ZIP_MAGIC) and may_be_packed(declaration)):
        return data
    patterns = [layout.member for layout in declaration.layouts if layout.member]
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile as error:
        raise ArchiveError(f"no readable zip ({error})") from error
    meant = [name for name in names if any(re.fullmatch(p, name) for p in patterns)]
    if len(meant) != 1:
        raise ArchiveError(
            f"{len(meant)} members match {' or '.join(patterns)}; it holds {', '.join(names[:8])}"
        )
    limits = UnpackLimits(declaration.max_unpacked_bytes, declaration.max_unpacked_ratio)
    return extract(data, {"data": (meant[0],)}, limits)["data"]
