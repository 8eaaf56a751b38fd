# Two commands do everything: `make run` and `make test`. `make install` alone makes .venv.
PYTHON ?= python3
BIN := .venv/bin

# Where the Prefect server listens, for people: this machine only, unless told otherwise.
HOST ?= 127.0.0.1
PORT ?= 4200
server deploy worker automations: export ASYMMETRY_HOME ?= $(CURDIR)/var
PREFECT_ENV = PREFECT_API_URL=$${PREFECT_API_URL:-http://$(HOST):$(PORT)/api} \
	PREFECT_HOME=$${PREFECT_HOME:-$$ASYMMETRY_HOME/prefect} \
	PREFECT_SERVER_ANALYTICS_ENABLED=false DO_NOT_TRACK=1 \
	PREFECT_SERVER_API_KEEPALIVE_TIMEOUT=600

.PHONY: install run server deploy worker automations test lint types unit bench docs findings lock clean

install: .venv/.installed

.venv/.installed: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11 …")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	$(BIN)/python -m flows.runtime.prefect_config
	touch $@

.venv/.installed-dev: .venv/.installed requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-dev.lock
	touch $@

# The whole pipeline on the simulated world: offline, no server needed.
run: .venv/.installed
	$(BIN)/asymmetry refresh --profile sample

# Three terminals, or three systemd units (docs/runbook.md): the server with its UI, the
# deployments of prefect.yaml (once, and again after an upgrade), and a worker that runs them.
server: .venv/.installed
	$(PREFECT_ENV) $(BIN)/prefect server start --host $(HOST) --port $(PORT)

deploy: .venv/.installed
	@$(PREFECT_ENV) $(BIN)/python -m flows.runtime.wait_for_server
	$(PREFECT_ENV) $(BIN)/prefect --no-prompt work-pool create asymmetry --type process --overwrite
	$(PREFECT_ENV) $(BIN)/prefect --no-prompt deploy --all
	$(PREFECT_ENV) $(BIN)/prefect --no-prompt work-queue set-concurrency-limit writers 1 --pool asymmetry

worker: .venv/.installed
	@$(PREFECT_ENV) $(BIN)/python -m flows.runtime.wait_for_server
	$(PREFECT_ENV) $(BIN)/prefect worker start --pool asymmetry

# Alerts (automations.yaml), sent anew: make automations ALERT_URL=https://…; without it UI only.
automations: .venv/.installed
	@$(PREFECT_ENV) $(BIN)/python -m flows.runtime.wait_for_server
	$(PREFECT_ENV) ALERT_URL=$(ALERT_URL) $(BIN)/python -m flows.monitoring.automations automations.yaml

test: lint types unit

lint: .venv/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/.installed-dev
	$(BIN)/mypy

unit: .venv/.installed-dev
	$(BIN)/pytest

# Simulated worlds with known truth, judged: docs/calibration.md (about ten minutes on 2 cores).
calibrate: .venv/.installed
	$(BIN)/asymmetry calibrate

# Pieces of the documentation that are made from the contracts; a test says when to run it.
docs: .venv/.installed
	$(BIN)/python -m warehouse.contracts.dictionary docs/generated/dictionary.md

# docs/findings.md and its charts, from the published warehouse (not from a simulated one).
findings: .venv/.installed
	$(BIN)/asymmetry findings --output docs/findings.md

# Every benchmark on the published warehouse, and docs/performance.md from them.
bench: .venv/.installed-dev
	$(BIN)/python benchmarks/report.py

# Needs uv; writes no address of a package index.
lock:
	uv pip compile pyproject.toml --universal --generate-hashes --python-version 3.11 --no-annotate --no-header -q -o requirements.lock
	uv pip compile pyproject.toml --extra dev --universal --generate-hashes --python-version 3.11 --no-annotate --no-header -q -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
