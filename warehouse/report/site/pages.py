"""Templates to pages. What comes from a source is escaped wherever it is shown."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

ROOM = Path(__file__).parent
ASSETS = ROOM / "assets"

NAVIGATION = (
    ("index.html", "Overview"),
    ("claims.html", "Claims"),
    ("countries.html", "States"),
    ("leaders.html", "Leaders"),
    ("periods.html", "Periods"),
    ("map.html", "Map"),
    ("alliances.html", "Alliances"),
    ("network.html", "Network"),
    ("build.html", "This build"),
    ("sources.html", "Sources"),
)


class Templates:
    """Renders the pages of one site."""

    def __init__(self, everywhere: Mapping[str, Any]) -> None:
        """Takes what every page is told.

        Args:
            everywhere: Names that all templates know.
        """
        self._environment = Environment(
            loader=FileSystemLoader(ROOM / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters.update(
            share=share, signed=signed, count=count, words=words, p_value=p_value
        )
        self._everywhere = {**everywhere, "navigation": NAVIGATION}

    def page(self, template: str, path: str | None = None, **facts: Any) -> tuple[str, str]:
        """One page.

        Args:
            template: Its template.
            path: Its address below the site; None: the name of the template.
            facts: What the template shows.

        Returns:
            Address and HTML.
        """
        path = path or template
        root = "../" * path.count("/")
        text = self._environment.get_template(template).render(
            **self._everywhere, **facts, root=root, here=path
        )
        return path, text


def share(value: float | None) -> str:
    """A share with two decimals; an en dash where there is none."""
    return "–" if value is None else f"{value:.2f}"


def signed(value: float | None) -> str:
    """A figure with its sign and three decimals, and a true minus."""
    return "–" if value is None else f"{value:+.3f}".replace("-", "\u2212")


def count(value: int | None) -> str:
    """A number with its thousands apart."""
    return "–" if value is None else f"{value:,}"


def p_value(value: float | None) -> str:
    """A p-value with three digits; no p-value is 0."""
    if value is None:
        return "–"
    return "< .001" if value < 0.001 else f"{value:.3f}"


def words(name: str | None) -> str:
    """A code as words: `source_ends` → source ends."""
    return "" if name is None else name.replace("_", " ")
