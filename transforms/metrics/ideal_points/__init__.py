"""Ideal points of states by session of the UN General Assembly: a dynamic ordinal probit.

| module | holds |
|---|---|
| step | `build_ideal_points`: the tables, from votes to distances |
| record | votes as arrays: state-sessions, items, categories |
| likelihood | probabilities of votes and their derivatives |
| items | slopes and cutpoints given ideal points |
| smoother | ideal points over time given votes: Kalman filter, Rauch-Tung-Striebel smoother |
| model | the model, one iteration, identification |
| start | starting values, and the orientation of sessions |
| acceleration | Anderson acceleration |
| fit | start, acceleration and stopping rule together |
| uncertainty | standard errors, and the parametric bootstrap on demand |
"""

from transforms.metrics.ideal_points.ideal_point import build_ideal_points

__all__ = ["build_ideal_points"]
