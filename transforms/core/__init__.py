"""Rows with one identity: COW state codes, dated; every lost row counted."""
