"""What a run leaves for others to see: artifacts, events, logs, alerts."""
