"""Duration of alliances: spells, survival curves, proportional hazards."""
