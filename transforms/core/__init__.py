"""Core tables: rows under dated COW codes; every lost row is counted."""
