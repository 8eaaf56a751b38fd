"""How long alliances last: spells, survival curves, proportional hazards."""
