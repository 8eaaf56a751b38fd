"""The legitimation premium: whether a hegemon's allies side with it where few others do.

| module | holds |
|---|---|
| support | who sided with the hegemon, by class of roll call: the counts behind everything |
| outside | ideal points from votes outside the hegemon's unpopular ones |
| windows | the ranges of sessions |
| panel | counts and ally status as arrays |
| cells | LP0 to LP3 as functions of sums over states |
| baseline | LP3's baseline |
| sessions | LP0 session by session |
| within | LP4: within states over time |
| pretreatment, matched | LP5: covariates before the tie, and matching on them |
| rows | estimates with their inference |
| premium | `metrics.legitimation_premium`: all of it |
| supply | `metrics.legitimation_supply`: LP3's residuals, state by state |
| accessions, group_time, event_study | `metrics.legitimation_event_study`: joining NATO |
| doses, dose | `metrics.legitimation_dose`: agreement by strength of the guarantee |
"""
