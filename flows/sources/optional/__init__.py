"""Sources that are declared and not used yet: fetched by name only, and no build depends on them.

Each is `<slug>.yml` in this folder, with `optional: true`, checked against the same schema. What
would use it is not written, because nobody here has had its bytes.
"""

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from flows.sources import SourceDeclaration, read_folder


@cache
def load_optional_declarations(
    folder: Traversable | None = None,
) -> dict[str, SourceDeclaration]:
    """Reads every optional source.

    Args:
        folder: Where the YAML files are; this package unless given.

    Returns:
        Slug to declaration, in alphabetical order.

    Raises:
        DeclarationError: One of them is faulty, or is not declared as optional.
    """
    home = files("flows") / "sources" / "optional" if folder is None else folder
    return read_folder(home, optional=True)
