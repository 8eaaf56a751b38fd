"""Questions about a built warehouse file. Reads only, decides no number."""
