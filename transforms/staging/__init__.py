"""One module per source: bytes to raw text columns to typed rows. No join, no filter."""
