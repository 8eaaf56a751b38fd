"""All families of worlds."""

from collections.abc import Mapping

from transforms.calibration.scenario import Family
from transforms.calibration.worlds import (
    alliance_asymmetry,
    alliance_duration,
    alliance_gaps,
    burden_sharing,
    capability_asymmetry,
    coalition_model,
    gaps_under_threat,
    goods_for_support,
    guarantee_gaps,
    joint_alliance_shift,
    legitimation_dose,
    legitimation_premium,
    network_null,
    obligation_balance,
    partner_preponderance,
    partner_regions,
    preponderance,
    state_burdens,
    vote_steadiness,
    written_promises,
)

_MODULES = (
    capability_asymmetry,
    preponderance,
    legitimation_premium,
    legitimation_dose,
    coalition_model,
    obligation_balance,
    network_null,
    alliance_duration,
    burden_sharing,
    alliance_asymmetry,
    partner_preponderance,
    alliance_gaps,
    guarantee_gaps,
    written_promises,
    partner_regions,
    state_burdens,
    vote_steadiness,
    gaps_under_threat,
    goods_for_support,
    joint_alliance_shift,
)

FAMILIES: Mapping[str, Family] = {
    family.name: family for module in _MODULES for family in module.FAMILIES
}

MODULE_OF: Mapping[str, str] = {
    family.name: module.__name__ for module in _MODULES for family in module.FAMILIES
}
"""Family to the module that draws its worlds."""
