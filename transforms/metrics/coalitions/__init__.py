"""Who supports the hegemon's coalitions: lists, ties, samples, and what is estimated on them."""
