"""The page of findings: verdicts, the tables behind them, charts, and the queries for both."""
