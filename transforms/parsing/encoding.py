"""Text that is not all UTF-8: which bytes it has, and what they mean.

A list that people have kept in a spreadsheet may have a name in Windows-1252 among thousands of
lines in ASCII. It is read as that, and not guessed: a file is either UTF-8 as a whole or it is not.
"""

FALLBACK = "cp1252"
"""What spreadsheets on Windows write, and all that is known of such files."""


def as_utf8(content: bytes, *, member: str) -> bytes:
    """The same text in UTF-8.

    Args:
        content: Text in UTF-8 or Windows-1252.
        member: File name for messages.

    Returns:
        `content` itself where it is UTF-8.

    Raises:
        ValueError: It is neither: a byte has no meaning in Windows-1252.
    """
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        try:
            return content.decode(FALLBACK).encode("utf-8")
        except UnicodeDecodeError as error:
            raise ValueError(
                f"{member}: text in neither UTF-8 nor {FALLBACK} ({error}); the snapshot is"
                " intact, compare its first lines with the publisher's page"
            ) from error
    return content
