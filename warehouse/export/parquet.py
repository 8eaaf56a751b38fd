"""Parquet, written batch by batch, with what is known of the rows in the file itself."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq


def write_parquet(
    batches: Iterable[Any],
    schema: Any,
    path: Path,
    metadata: Mapping[str, str] | None = None,
    columns: Mapping[str, Mapping[str, str]] | None = None,
) -> None:
    """Writes batches as one Parquet file; NULL is NULL.

    Args:
        batches: Arrow record batches.
        schema: Their Arrow schema.
        path: A file that may be replaced.
        metadata: Of the file: key to text.
        columns: Column name to its own metadata (description, unit), key to text.
    """
    fields = [
        field.with_metadata(dict((columns or {}).get(field.name, {})) or None) for field in schema
    ]
    described = pa.schema(fields, metadata=dict(metadata or {}) or None)
    with pq.ParquetWriter(path, described, compression="zstd") as writer:
        for batch in batches:
            if batch.num_rows:
                writer.write_batch(pa.RecordBatch.from_arrays(batch.columns, schema=described))
