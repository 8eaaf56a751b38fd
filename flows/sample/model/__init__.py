"""The simulated world itself: states, votes, capabilities, treaties."""
