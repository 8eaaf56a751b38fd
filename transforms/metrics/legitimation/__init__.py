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
| premium | `metrics.legitimation_premium`: all of it, with inference |
"""
