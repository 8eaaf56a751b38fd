"""From parquet files to tables, marts and views. What is here decides numbers."""
