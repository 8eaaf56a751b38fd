"""The contracts of all tables: one YAML per table, and what is made from them."""
