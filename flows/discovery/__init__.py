"""What a publisher has released: its own listing → releases, one module per kind of listing."""
