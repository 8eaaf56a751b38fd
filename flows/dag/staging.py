"""Bytes → typed tables: one step per source."""

from flows.dag.step import staged_step

STAGED = (
    staged_step("atop", "Stage the alliance treaties (ATOP)"),
    staged_step("cow_capabilities", "Stage national capabilities (COW NMC)"),
    staged_step("cow_states", "Stage the states of the system (COW)"),
    staged_step("gdp", "Stage GDP (World Bank)"),
    staged_step("sipri_milex", "Stage military expenditure (SIPRI)"),
    staged_step("un_ideal_points", "Stage the published ideal points"),
    staged_step("un_votes", "Stage the UN votes (Voeten)"),
    staged_step("undl_votes", "Stage the UN votes (UN Library)"),
    staged_step("us_troops", "Stage US troops abroad"),
)
