"""Files of the simulated world that are released again: the same figures, put otherwise."""

import csv
import zipfile
from io import BytesIO

from tests.publisher.current_releases import world_bank_table, world_bank_zip


def in_another_order(data: bytes) -> bytes:
    """The same rows, the other way round."""
    header, *rows = data.decode("utf-8-sig").splitlines()
    return "\n".join([header, *reversed(rows), ""]).encode()


def with_another_header(data: bytes) -> bytes:
    """An archive whose table begins with columns of its own."""
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as archive, zipfile.ZipFile(packed, "w") as changed:
        for name in archive.namelist():
            text = archive.read(name).decode()
            changed.writestr(name, text.replace("stateabb,ccode", "abbreviation,code", 1))
    return packed.getvalue()


def as_the_world_bank_has_it(packaged: bytes, updated: str, code: str = "Country Code") -> bytes:
    """The same figures in the World Bank's own table; `code` is the name of a column."""
    rows = csv.DictReader(packaged.decode("utf-8-sig").splitlines())
    keys = ("Country Name", "Country Code", "Year")
    values = {(row[keys[0]], row[keys[1]], row[keys[2]]): row["Value"] for row in rows}
    table = world_bank_table(updated=updated, values=values)
    return world_bank_zip(table=table.replace(b"Country Code", code.encode(), 1))
