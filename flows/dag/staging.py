"""Steps of `staging`: bytes become typed tables, one step per source."""

from flows.dag.step import staged_step

STAGED = (
    staged_step("atop", "read and cast the alliance treaties (ATOP)"),
    staged_step("cow_capabilities", "read and cast national capabilities (COW NMC)"),
    staged_step("cow_capitals", "read and cast the capitals of states"),
    staged_step("cow_contiguity", "read and cast direct contiguity (COW)"),
    staged_step("cow_distance", "read and cast minimum distances"),
    staged_step("cow_states", "read and cast the states of the system (COW)"),
    staged_step("cow_trade", "read and cast imports and exports (COW)"),
    staged_step("disputes", "read and cast militarised disputes"),
    staged_step("gdp", "read and cast GDP (World Bank)"),
    staged_step("sipri_milex", "read and cast military expenditure (SIPRI)"),
    staged_step("strategic_rivalries", "read and cast strategic rivalries"),
    staged_step("un_ideal_points", "read and cast the published ideal points"),
    staged_step("un_votes", "read and cast the UN votes (Voeten)"),
    staged_step("undl_votes", "read and cast the UN votes (UN Library)"),
    staged_step("us_bases", "read and cast US bases abroad"),
    staged_step("us_construction", "read and cast US military construction"),
    staged_step("us_troops", "read and cast US troops abroad"),
    staged_step("us_troops_quarterly", "read and cast US troops abroad by quarter"),
    staged_step("vdem", "read and cast electoral democracy (V-Dem)"),
)
