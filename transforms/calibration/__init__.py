"""Simulated worlds in which it is known whether a claim is true, for calibrating its verdict.

| module | content |
|---|---|
| scenario | scenarios, families of worlds, and the seed of each world |
| worlds/capability_asymmetry | alliances with capability ratios by era (C1a, C1b) |
| worlds/preponderance | a hegemon's superiority over its partners (C1c) |
| worlds/legitimation_premium | votes from an ordinal spatial model (C2a) |
| worlds/legitimation_dose | the same votes, and guarantees of different strength (C2b) |
| worlds/coalition_model | support for two coalitions from a logit (C2c, C2d, C2e) |
| worlds/obligation_balance | written promises and unwritten support (C3) |
| worlds/network_null | networks of defence pacts (C4) |
| worlds/alliance_duration | alliances that end with a known hazard (C5) |
| worlds/burden_sharing | military burdens by size of the economy (C6) |
| worlds/alliance_asymmetry | edition 2: ratios of the real alliances (C1a) |
| worlds/partner_preponderance | edition 2: superiority over the real partners (C1c) |
| worlds/written_promises | edition 2: promises in the real phases (C3) |
| worlds/partner_regions | edition 2: the real ties, regions drawn (C4) |
| worlds/state_burdens | edition 2: burdens of the real members (C6) |
| worlds/agreement_panel | edition 2: agreement on the real numbers of votes |
| worlds/alliance_gaps | edition 2: what an alliance adds to it (C2a, C2f, C2h) |
| worlds/guarantee_gaps | edition 2: strong guarantees and small allies (C2b, C2g) |
| worlds/gaps_under_threat | edition 2: the same under real threats (C9) |
| worlds/goods_for_support | edition 2: troops that follow support, or do not (C10) |
| worlds/vote_steadiness | edition 2: changes of agreement on the real calendar (C8) |
| registry | all families, and the run of some worlds of one scenario |
| verdicts | tests and verdict of one claim in one world |
| performance | coverage, false support and power over worlds |

A world consists of the tables that the steps of metrics read, or of the tables of estimates that
they make, small enough to draw hundreds of them. It is estimated by the pipeline's own functions.
Worlds of edition 2 are drawn on the published build: who was whose ally when, and how many votes
there were, stays as it is, and only outcomes are drawn. For each claim one family computes the
primary alone, in many worlds, for its coverage; another runs the whole rule.
"""
