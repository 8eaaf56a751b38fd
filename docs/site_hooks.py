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
    """Lists every decision, in the order of their numbers."""
    folder = ROOT / "docs" / "decisions"
    numbered = [f"decisions/{page.name}" for page in sorted(folder.glob("0*.md"))]
    (listed,) = [item for item in config.nav[-1]["Change it"] if "Decisions" in item]
    listed["Decisions"] += numbered
    return config


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
    here = address.removeprefix(ELSEWHERE) if address.startswith(ELSEWHERE) else f"docs/{address}"

    def turned(link: re.Match[str]) -> str:
        path = _path(here, link[2])
        if path is None:
            return link[0]
        inside = path.startswith("docs/")
        target = path.removeprefix("docs/") if inside else ELSEWHERE + path
        return link[1] + posixpath.relpath(target, posixpath.dirname(address) or ".") + link[3]

    return LINK.sub(turned, markdown)


def _path(page: str, target: str) -> str | None:
    """The file of the repository that a page's link means; None for an address."""
    if re.match(r"[a-z]+:", target):
        return None
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), target))
