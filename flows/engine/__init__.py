"""Incremental builds: which steps have to run, and how they are run, kept and assembled."""
