"""Ideal points of states by session of the UN General Assembly: a dynamic ordinal probit.

| module | content |
|---|---|
| ideal_point | `build_ideal_points`: `metrics.ideal_point` and `metrics.ideal_point_distance` |
| vote_arrays | votes as arrays: state-sessions, items, categories |
| likelihood | probabilities of votes and their derivatives |
| item_parameters | slopes and cutpoints given ideal points |
| kalman_smoother | ideal points given votes: Kalman filter, Rauch-Tung-Striebel smoother |
| model | the model, one iteration, identification |
| initial_values | starting values, and the orientation of sessions |
| anderson_acceleration | Anderson acceleration |
| fit | starting values, acceleration and stopping rule |
| standard_errors | standard errors, and the parametric bootstrap |
| bootstrap | the bootstrap in chunks, on demand |
"""

from transforms.metrics.ideal_points.ideal_point import build_ideal_points

__all__ = ["build_ideal_points"]
