"""Support for US coalitions: lists, ties, samples and models."""
