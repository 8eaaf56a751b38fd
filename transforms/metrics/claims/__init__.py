"""The claims of the theory, put to the test: estimates, falsifiers, verdicts."""
