"""Bytes in, bytes out, no parsing."""
