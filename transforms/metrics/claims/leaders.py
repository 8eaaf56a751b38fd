"""The hegemons whose claims are judged."""

LEADERS = (2,)
"""The United States. Tables of estimates have one block of rows for each."""
