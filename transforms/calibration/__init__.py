"""Simulated worlds in which it is known whether a claim is true, for calibrating its verdict.

| module | makes |
|---|---|
| family | what a family of worlds is, and the seed of each world |
| capabilities | alliances with capability ratios by era (C1a, C1b), and a hegemon's allies (C1c) |
| assembly | votes from an ordinal spatial model (C2a) |
| guarantees | the same votes, and guarantees of different strength (C2b) |
| coalitions | support for two coalitions from a logit (C2c, C2d, C2e) |
| promises | who promises what in asymmetric alliances (C3) |
| hubs | networks of defence pacts (C4) |
| lives | alliances that end with a known hazard (C5) |
| burdens | military burdens by size of the economy (C6) |
| families | all of them |
| verdicts | the tests and the verdict of one claim in one world |
| scoring | coverage, false support and power over worlds |

A world is the tables that the steps of metrics read, small enough for hundreds of them. What is
estimated on them is what the pipeline estimates: its own functions, nothing rewritten.
"""
