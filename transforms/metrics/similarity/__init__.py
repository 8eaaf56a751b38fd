"""How alike states vote and choose their allies."""
