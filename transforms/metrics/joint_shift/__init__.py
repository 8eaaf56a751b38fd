"""A joint model of ideal points and of an alliance shift on unpopular votes.

| module | content |
|---|---|
| joint_alliance_shift | `build_joint_alliance_shift`: `metrics.joint_alliance_shift` |
| shift_votes | votes with the leader or against it as arrays, by state, period and status |
| shift_model | the model, its bound, and the step for states |
| shift_items | the step for items, and their priors |
| shift_gauge | location and scale |
| shift_fit | starting values, iteration and stopping rule |
| shift_errors | error by cluster from the profile of the likelihood; change of agreement |
"""

from transforms.metrics.joint_shift.joint_alliance_shift import build_joint_alliance_shift

__all__ = ["build_joint_alliance_shift"]
