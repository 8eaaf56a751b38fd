"""The published warehouse on a local web server: a box for SQL, downloads, and the report."""
