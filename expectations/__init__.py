"""What must be true at each gate.

Suites are plain data (`expectations.suite`), one module per dataset or table;
`expectations.gate.gx` is the only module that imports Great Expectations.
"""
