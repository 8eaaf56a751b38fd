# Two commands do everything: `make run` and `make test`. `make help` lists the others.
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

.PHONY: help install run server deploy worker automations check test soak lint audit types coverage calibrate bench flame docs docs-site findings bundle site lock clean

help: ## Lists the targets.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# pip compiles on one processor, which takes as long as the rest: all of them do it once it is done.
# Tests of libraries, a fifth of it all, are imported by nobody here; what is no Python of this version
# (templates) stays as it is.
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --no-deps
COMPILE = @$(BIN)/python -m compileall -qq -j 0 -x /tests/ .venv/lib flows expectations transforms warehouse || true

install: .venv/.installed ## Makes .venv from the lock file.

.venv/.installed: .venv/.locked
	$(COMPILE)
	$(BIN)/python -m flows.runtime.prefect_config
	touch $@

.venv/.locked: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11 …")'
	$(PYTHON) -m venv .venv
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) -e .
	touch $@

.venv/.installed-dev: .venv/.installed .venv/.locked-dev
	$(COMPILE)
	touch $@

# With `make -j2` while the others are compiled. A file that is found half-written then is compiled anew.
.venv/.locked-dev: .venv/.locked requirements-dev.lock
	$(PIP) --require-hashes -r requirements-dev.lock
	touch $@

run: .venv/.installed ## Builds and publishes the simulated world: offline, no server needed.
	$(BIN)/asymmetry refresh --profile sample

# Three terminals, or three systemd units (docs/runbook.md): the server with its UI, the
# deployments of prefect.yaml (once, and again after an upgrade), and a worker that runs them.
server: .venv/.installed ## Starts a Prefect server with its UI, on this machine only.
	umask go-w; $(PREFECT_ENV) $(BIN)/prefect server start --host $(HOST) --port $(PORT)

deploy: .venv/.installed ## Sends the deployments of prefect.yaml to the server.
	@$(PREFECT_ENV) $(BIN)/python -m flows.runtime.deploy

worker: .venv/.installed ## Starts a worker that runs them.
	$(PREFECT_ENV) $(BIN)/python -m flows.runtime.worker

# ALERT_URL=https://… make automations; without it alerts are seen in the UI only. It is a secret, and
# so stands in no line that is printed, nor among the words of a process, which others can list.
automations: export ALERT_URL ?=
automations: .venv/.installed ## Sends the alerts of automations.yaml anew.
	@$(PREFECT_ENV) $(BIN)/python -m flows.runtime.wait_for_server
	@$(PREFECT_ENV) $(BIN)/python -m flows.monitoring.automations automations.yaml

# Tests in tiers, see docs/testing.md. Three workers, since on two cores two of them leave an eighth of
# the time to waiting; WORKERS=0 runs them in one process.
WORKERS ?= 3
PYTEST = $(BIN)/pytest -n $(WORKERS)
PURE = tests --ignore tests/integration --ignore tests/real_data
# Types are checked while the tests run: the one is a matter of one core, and so is waiting.
MEANWHILE = mkdir -p .mypy_cache; $(BIN)/mypy > .mypy_cache/output 2>&1 & types=$$!; \
	$(1); tests=$$?; wait $$types; types=$$?; cat .mypy_cache/output; exit $$((tests | types))

check: lint ## Lint, types and the pure tests: before every commit.
	@$(call MEANWHILE,$(PYTEST) $(PURE))

test: lint ## Everything but the soak tests: what CI runs.
	@$(call MEANWHILE,$(PYTEST))

soak: .venv/.installed-dev ## Tests that take long and find what changes seldom.
	$(BIN)/pytest -m soak

lint: .venv/.installed-dev ## Style and format.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

audit: .venv/.installed ## Asks an advisory service about the pinned dependencies (needs pip-audit, a network).
	$(BIN)/python .ci/audit.py

types: .venv/.installed-dev ## Types, of the tests too.
	$(BIN)/mypy

coverage: .venv/.installed-dev ## Which lines the pure tests and the commands on a built home reach.
	$(PYTEST) $(PURE) $(addprefix tests/integration/test_,$(addsuffix .py,cli claims covariates docs operations preview)) \
		--cov --cov-report=term --cov-report=html:.coverage_html

# docs/calibration.md; about a quarter of an hour on 2 cores. With `asymmetry calibrate --worlds 1000`,
# as the committed page of the second edition was made, seventy minutes and more for that alone;
# `--families lives_2` judges some, and what the page says of the others stays.
calibrate: .venv/.installed ## Judges simulated worlds whose truth is known.
	$(BIN)/asymmetry calibrate

docs: .venv/.installed ## Writes what the documentation takes from the contracts.
	$(BIN)/python -m flows.reports.dictionary docs/generated/dictionary
	$(BIN)/python -m warehouse.catalog.queries_page docs/generated/queries.md

docs-site: .venv/.installed-dev ## The documentation as a site, in build/docs; a dead link ends it.
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

findings: .venv/.installed ## Writes docs/findings.md from the published warehouse.
	$(BIN)/asymmetry findings --output docs/findings.md

site: .venv/.installed ## Writes the site of the published warehouse into site/, for any static host.
	$(BIN)/asymmetry report --output site

bench: .venv/.installed-dev ## Runs every benchmark, and writes docs/performance.md.
	$(BIN)/python benchmarks/report.py

# make flame FLAME=build.svg; py-spy looks into every process of one build. Needs a built home.
FLAME ?= flame.svg
flame: .venv/.installed-dev ## Writes a flame graph of a whole build.
	$(BIN)/python benchmarks/overhead.py --flame $(FLAME)

bundle: .venv/.installed ## Writes the answers that ship with the package, from the published real build.
	$(BIN)/python -m flows.reports.make_bundle

lock: ## Resolves the lock files anew (needs uv; writes no address of a package index).
	uv pip compile pyproject.toml --universal --generate-hashes --python-version 3.11 --no-annotate --no-header -q -o requirements.lock
	uv pip compile pyproject.toml --extra dev --universal --generate-hashes --python-version 3.11 --no-annotate --no-header -q -c requirements.lock -o requirements-dev.lock

clean: ## Removes .venv and everything that tools have left here.
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage .coverage.* .coverage_html
