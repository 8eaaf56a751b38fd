"""Listings in the publishers' own form, with whatever a test wants in them."""

import json
from collections.abc import Sequence
from typing import Any

from flows.sources import load_declarations


def dataverse_file(number: int, label: str, **others: Any) -> dict[str, Any]:
    """A file in a version of a dataset."""
    file = {
        "id": number,
        "filename": label,
        "contentType": "text/csv",
        "filesize": 1000,
        "md5": "0" * 32,
        "tabularData": label.endswith(".tab"),
        "creationDate": "2026-07-30",
        **others,
    }
    return {"label": label, "restricted": False, "version": 1, "dataFile": file}


def dataverse_version(
    number: int, files: Sequence[dict[str, Any]], state: str = "RELEASED", minor: int = 0
) -> str:
    """`GET /api/datasets/:persistentId/versions/VERSION`."""
    version = {
        "id": 1,
        "versionNumber": number,
        "versionMinorNumber": minor,
        "versionState": state,
        "releaseTime": "2026-07-30T12:00:00Z",
        "files": list(files),
    }
    return json.dumps({"status": "OK", "data": version})


def page_of_links(*links: str) -> str:
    """A landing page with links between other things."""
    items = "".join(f'<li><a class="x" href="{link}">Download</a></li>' for link in links)
    menu = '<a href="/about">About</a><a href="#top">Top</a><a name="anchor">no address</a>'
    return f"<!doctype html><html><body><nav>{menu}</nav><ul>{items}</ul></body></html>"


def commits(*moments: str) -> str:
    """`GET /repos/OWNER/NAME/commits?path=…`: the newest first."""
    found = [
        {
            "sha": f"{n:040x}",
            "commit": {"author": {"date": moment}, "committer": {"date": moment}},
        }
        for n, moment in enumerate(moments, start=1)
    ]
    return json.dumps(found)


def library_files(*names: str) -> str:
    """`GET /api/v1/file?recid=…`."""
    found = [
        {
            "name": name.removesuffix(".csv"),
            "format": ".csv",
            "url": f"https://digitallibrary.un.org/record/4060887/files/{name}",
            "description": "",
        }
        for name in names
    ]
    return json.dumps(found)


def listing_of(slug: str, place: int = 0) -> str:
    """Where a source's publisher lists its releases, as declared."""
    return load_declarations()[slug].discover.listings[place]


def dataset(*files: tuple[int, str]) -> str:
    """Version 39 of a dataset, with files of these numbers and labels."""
    return dataverse_version(39, [dataverse_file(number, label) for number, label in files])
