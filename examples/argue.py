"""Arguing with claims from Python: run it, or open it as a notebook (cells begin with `# %%`).

ASYMMETRY_HOME=var python examples/argue.py
"""

# %% [markdown]
# # Does the result hang on who counts as an ally, and when?
#
# The published build is read and never changed. Each answer stands beside the published primary and
# says where it lies among the claim's variants, or why nothing can be said.

# %%
from pathlib import Path

from flows.home.arguments import Argument
from flows.operations.argue import argue, choices_of
from transforms.arguing.errors import ArgumentError

LIST = Path(__file__).with_name("allies_of_russia.csv")


def show(title: str, found: Argument) -> None:
    """Prints an argument and the published primary in two lines."""
    own, published = found.answer, found.published
    said = f"cannot say: {own['cannot_say']}"
    if own["estimate"] is not None:
        said = f"{own['estimate']:+.4f} [{own['ci_low']:+.4f}, {own['ci_high']:+.4f}]"
    print(f"{title}\n  argument  {said}\n  published {published['estimate']}")


# %% [markdown]
# What can be chosen, the primary's value first:

# %%
for key, known in choices_of("C8").items():
    print(f"{key:10} {known}")

# %% [markdown]
# The same claim for other windows. C8: allies' agreement with the leader moves less.

# %%
for years in ("1950-1989", "1991-2010"):
    show(f"C8, {years}", argue("C8", years=years))

# %% [markdown]
# Another leader, with a list of allies that we made ourselves:

# %%
show("C8, allies of Russia", argue("C8", leader="Russia", allies=str(LIST)))

# %% [markdown]
# What is not known is refused, with what is:

# %%
try:
    argue("C8", tier="cor")
except ArgumentError as error:
    print(error)
