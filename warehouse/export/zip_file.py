"""A folder as a zip whose bytes depend on its files alone, not on the day or the machine."""

import shutil
import zipfile
from pathlib import Path

_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest that a zip can say."""
_MODE, _PROGRAM = 0o644, 0o755
_COMPRESSED_ALREADY = frozenset({".parquet", ".png", ".zip"})


def write_zip(folder: Path, target: Path, *, root: str) -> None:
    """Writes a zip of all files of a folder.

    Args:
        folder: The folder.
        target: The zip.
        root: Folder of the archive that everything lies in.

    Raises:
        OSError: The zip cannot be written.
    """
    with zipfile.ZipFile(target, "w") as archive:
        names = sorted((p.relative_to(folder).as_posix(), p) for p in folder.rglob("*"))
        for name, path in names:
            if not path.is_file():
                continue
            info = zipfile.ZipInfo(f"{root}/{name}", _TIME)
            info.create_system = 3  # Unix, wherever it is written
            info.external_attr = (_PROGRAM if path.suffix == ".sh" else _MODE) << 16
            stored = path.suffix in _COMPRESSED_ALREADY
            info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            with path.open("rb") as source, archive.open(info, "w", force_zip64=True) as sink:
                shutil.copyfileobj(source, sink)
