"""Where things run: Prefect's settings, its server, task runners."""
