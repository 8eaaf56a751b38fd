"""What must be true at each gate.

Suites are plain data (`expectations.suite`), one module per dataset or table;
`expectations.gate.run` is the only module that knows Great Expectations.
"""
