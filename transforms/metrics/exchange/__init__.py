"""Security for support: what clients' votes return, and what else could explain them.

`vote_predictability` and `predictability` (do client networks reduce unpredictability?),
`client_network` (how many they are), `exchange_under_threat` (does the exchange survive balancing?)
and `support_returns` (does support earn security goods later?).
"""
