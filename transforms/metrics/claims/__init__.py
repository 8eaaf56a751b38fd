"""Tests of the claims of the theory: estimates, falsifiers and verdicts."""
