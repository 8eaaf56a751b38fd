"""`$ASYMMETRY_HOME`: its paths, its one writer, what it keeps of runs and builds."""
