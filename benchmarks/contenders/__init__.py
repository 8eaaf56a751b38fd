"""What a benchmark sets side by side."""
