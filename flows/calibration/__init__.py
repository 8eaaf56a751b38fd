"""Runs the simulated worlds of `transforms.calibration` and writes docs/calibration.md."""
