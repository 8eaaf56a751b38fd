"""The simulated world, written in the publishers' own formats."""
