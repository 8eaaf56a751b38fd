"""How builds, steps, commands and their memory are measured."""
