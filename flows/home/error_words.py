"""What Python says of a record or a file that cannot be read, in words for who operates this."""

import json


def in_words(error: BaseException) -> str:
    """Why something could not be read, as a clause without a full stop.

    Python's own words of a missing field are its bare name, those of another form name classes.

    Args:
        error: What reading it has raised.
    """
    if isinstance(error, KeyError):
        return f"it lacks the field {error.args[0]}" if error.args else "it lacks a field"
    if isinstance(error, json.JSONDecodeError):
        return f"it is no JSON from line {error.lineno}, column {error.colno} on"
    if isinstance(error, UnicodeDecodeError):
        return f"it is no UTF-8 text from byte {error.start} on"
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}: {error.filename}" if error.filename else error.strerror
    if isinstance(error, TypeError | AttributeError | IndexError):
        return "its parts are others than they should be"
    return " ".join(str(error).split()) or "nothing more is known"
