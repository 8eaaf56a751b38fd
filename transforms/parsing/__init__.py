"""From text cells to typed values."""
