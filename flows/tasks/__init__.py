"""Prefect tasks: fetch, compute, publish."""
