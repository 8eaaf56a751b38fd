"""Holds the texts of a chart to the width that they were laid out with, whatever the font.

Charts are laid out in Helvetica. Where a reader has neither it nor Arial, a wider font takes its
place, and texts would run into each other and out of the picture. So each text says how long it is
(`textLength`), by the widths of Adobe's metrics of Helvetica, and any font is fitted into that.
"""

import re
import unicodedata
from html import unescape

_BY_WIDTH = {
    191: "'",
    222: "ijl’‘",
    278: " !,./:;I[\\]ft·",
    333: "()-`r",
    334: "{}",
    355: '"',
    389: "*",
    469: "^",
    500: "Jckvxyz",
    556: "#$0123456789?L_abdeghnopqu–",
    584: "+<=>~−≥≤±×",
    611: "FTZ",
    667: "&ABEKPSVXY",
    722: "CDHNRUw",
    778: "GOQ",
    833: "Mm",
    889: "%",
    944: "W",
    1000: "—…→",
    1015: "@",
}
_WIDTHS = {character: width for width, of in _BY_WIDTH.items() for character in of} | {"|": 260}
_ELSE = 556
_BOLD = 1.065
"""Helvetica Bold runs so much wider in English text."""
_TEXT = re.compile(r"<text([^>]*)>(.*?)</text>", re.DOTALL)
_LINE = re.compile(r"<tspan([^>]*)>([^<]+)</tspan>")
_SIZE = re.compile(r'font-size="([\d.]+)px"')


def helvetica_width(text: str, size: float, *, bold: bool = False) -> float:
    """Width of a line of text in pixels.

    Args:
        text: The line; a letter with an accent is as wide as without.
        size: Size of the font in pixels.
        bold: Whether it is bold.
    """
    letters = (c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    width = sum(_WIDTHS.get(character, _ELSE) for character in letters)
    return width * size / 1000 * (_BOLD if bold else 1)


def hold_widths(svg: str) -> str:
    """The SVG with the length of each line of text in it; a single character is left as it is."""

    def held(found: re.Match[str]) -> str:
        attributes, content = found.groups()
        size = _SIZE.search(attributes)
        if size is None:
            return found[0]
        pixels, bold = float(size[1]), 'font-weight="bold"' in attributes

        def length(text: str) -> str:
            line = unescape(text)
            width = helvetica_width(line, pixels, bold=bold)
            fitted = f' textLength="{width:.1f}" lengthAdjust="spacingAndGlyphs"'
            return fitted if len(line.strip()) > 1 else ""

        if "<" not in content:
            return f"<text{attributes}{length(content)}>{content}</text>"
        lines = _LINE.sub(
            lambda line: f"<tspan{line[1]}{length(line[2])}>{line[2]}</tspan>", content
        )
        return f"<text{attributes}>{lines}</text>"

    return _TEXT.sub(held, svg)
