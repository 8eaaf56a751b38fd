"""Bytes in, bytes out: fetches declared sources into content-addressed snapshots. No parsing.

Nothing is imported here: who reads a snapshot needs none of what fetches one.
"""
