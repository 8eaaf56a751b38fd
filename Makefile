# Two commands do everything: `make run` and `make test`. `make install` alone makes .venv.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: install run test lint types unit bench docs lock clean

install: .venv/.installed

.venv/.installed: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11 …")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	$(BIN)/python -m flows.prefect_home
	touch $@

.venv/.installed-dev: .venv/.installed requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

# The whole pipeline on the simulated world: offline, no server needed.
run: .venv/.installed
	$(BIN)/asymmetry refresh --profile sample

test: lint types unit

lint: .venv/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/.installed-dev
	$(BIN)/mypy

unit: .venv/.installed-dev
	$(BIN)/pytest

# Pieces of the documentation that are made from the contracts; a test says when to run it.
docs: .venv/.installed
	$(BIN)/python -m warehouse.dictionary docs/generated/dictionary.md

# Every benchmark on the published warehouse, and docs/performance.md from them.
bench: .venv/.installed-dev
	$(BIN)/python benchmarks/report.py

# Needs uv; writes no address of a package index.
lock:
	uv pip compile pyproject.toml --universal --generate-hashes --python-version 3.11 --no-annotate --no-header -q -o requirements.lock
	uv pip compile pyproject.toml --extra dev --universal --generate-hashes --python-version 3.11 --no-annotate --no-header -q -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
