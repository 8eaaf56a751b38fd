"""The simulated world in the publishers' own formats, one module per source."""
