"""Where a record comes from, and the order of everything.

The only package that knows Prefect. Start with `flows/refresh.py`.
"""

import os

# Before NumPy is loaded: two steps run side by side, and a second thread of the matrix library
# would only take the core of the other one (four times the processor time, measured).
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
