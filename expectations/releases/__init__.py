"""What a new release may lose or change against the published one: comparison, bounds, words."""
