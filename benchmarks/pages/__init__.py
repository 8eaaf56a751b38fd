"""What benchmarks print: tables and charts in Markdown."""
