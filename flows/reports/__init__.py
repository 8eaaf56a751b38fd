"""Pages made from a build: findings, calibration, changes between builds."""
