"""Has the site hold what pages link to outside docs/: the README, the changelog, examples.

Pages are written for a reader of the repository, whose links are paths of files. MkDocs knows only
what lies in docs/: a file from elsewhere gets an address below `project/`, and links to it follow.
"""

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parents[1]
ELSEWHERE = "project/"
LINK = re.compile(r"(\]\()([^)\s#]+)((?:#[^)\s]*)?\))")


def on_config(config: Any) -> Any:
    """Makes the navigation: the sections of docs/README.md, with the pages that each links to."""
    index = (ROOT / "docs" / "README.md").read_text("utf-8")
    config.nav, listed = [], set()
    for section in index.split("\n## "):
        pages: list[Any] = [] if listed else ["README.md"]
        for _, target, _ in LINK.findall(section):
            address = _address(_path("docs/README.md", target) or "")
            if address.endswith(".md") and address not in listed:
                listed.add(address)
                pages.append(_decisions() if address.startswith("decisions/") else address)
        title = section.partition("\n")[0].removeprefix("You ").capitalize()
        config.nav.append({"Start" if section.startswith("# ") else title: pages})
    return config


def _decisions() -> dict[str, list[str]]:
    folder = ROOT / "docs" / "decisions"
    numbered = [f"decisions/{page.name}" for page in sorted(folder.glob("0*.md"))]
    return {"Decisions": ["decisions/README.md", *numbered]}


def on_files(files: Files, config: Any) -> Files:
    """Adds the Markdown of the root, and every file that a page links to outside docs/."""
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    found = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("*.md")}
    for page in pages:
        here = page.relative_to(ROOT).as_posix()
        for _, target, _ in LINK.findall(page.read_text("utf-8")):
            path = _path(here, target)
            if path and not path.startswith("docs/") and (ROOT / path).is_file():
                found.add(path)
    for path in sorted(found):
        content = (ROOT / path).read_bytes()
        text: str | bytes = content.decode() if path.endswith(".md") else content
        files.append(File.generated(config, ELSEWHERE + path, content=text))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Turns paths of files into addresses of the site."""
    address = page.file.src_uri
    if address.startswith("generated/"):
        page.meta["hide"] = ["navigation"]  # room for tables of six columns
    here = address.removeprefix(ELSEWHERE) if address.startswith(ELSEWHERE) else f"docs/{address}"

    def turned(link: re.Match[str]) -> str:
        path = _path(here, link[2])
        if path is None:
            return link[0]
        to = posixpath.relpath(_address(path), posixpath.dirname(address) or ".")
        return link[1] + to + link[3]

    return LINK.sub(turned, markdown)


def _path(page: str, target: str) -> str | None:
    """The file of the repository that a page's link means; None for an address."""
    if re.match(r"[a-z]+:", target):
        return None
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), target))


def _address(path: str) -> str:
    """Where the site has a file of the repository."""
    return path.removeprefix("docs/") if path.startswith("docs/") else ELSEWHERE + path
