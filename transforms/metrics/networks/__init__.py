"""Networks of defence promises."""
