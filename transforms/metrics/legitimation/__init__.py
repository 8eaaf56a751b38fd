"""The legitimation premium: do a hegemon's allies side with it on votes that few others support?

| module | content |
|---|---|
| hegemon_support | `metrics.hegemon_support`: agreement with a hegemon, by class of roll call |
| outside_ideal_point | `metrics.outside_ideal_point`: ideal points without unpopular votes |
| session_windows | ranges of sessions |
| panel | counts and ally status as arrays |
| estimators | LP0 to LP3 as functions of sums over states |
| expected_support | LP3's baseline |
| by_session | LP0 by session |
| within_states | LP4: within states over time |
| pretreatment_covariates | LP5's covariates, measured before the tie |
| nearest_neighbour_matching, coarsened_matching | LP5 and LP5_cem |
| window_rows | estimates of one range of sessions, with their inference |
| legitimation_premium | `metrics.legitimation_premium` |
| vote_weights, legitimation_two_way | `metrics.legitimation_two_way`: two-way clustered errors |
| legitimation_supply | `metrics.legitimation_supply`: LP3's residuals by state |
| nato_accessions, cohort_effects, legitimation_event_study | `metrics.legitimation_event_study` |
| guarantee_strength, legitimation_dose | `metrics.legitimation_dose` |
| legitimation_gap | `metrics.legitimation_gap`: unpopular minus control votes, by session |
| gap_rows, gap_results | its rows as arrays; estimates and scores as tables |
| ally_designs, staggered_designs | what being an ally changes in the gap |
| western_non_allies | allies against Western states that never were any |
| guarantee_slopes | strength of the guarantee, size of the ally |
| triple_difference | `metrics.triple_difference` and its scores |
"""
