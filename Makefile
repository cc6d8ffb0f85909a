# The house's commands; `make` alone prints them.

.DEFAULT_GOAL := help
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
BUNDLED := reports/bundled
PARITY := .venv-parity
FUZZ := .venv-fuzz
PYTEST := $(BIN)/pytest -q
BENCH_TASKS := .
BENCH_TASK := swe-audit__ledgerlite-101
REAL := reports/real-tasks
REAL_PREDICTIONS := ../shared/data/verified_dev_predictions.jsonl.gz
INSTALLING := pallets__flask-5014 sphinx-doc__sphinx-11445 pylint-dev__pylint-4661 pytest-dev__pytest-7571 \
  pydata__xarray-7393 sympy__sympy-15345 django__django-11133
# Where pip itself needs certificates of its own, so does what is installed into images.
CERTIFICATES := $(if $(PIP_CERT),--ca-bundle $(PIP_CERT))

.PHONY: help audit example test check parity lint bench soak fuzz clean engine lock docs venv format

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

audit: venv ## Audit the bundled tasks; leaves reports/bundled/index.html
	@PYTHON=$(BIN)/python sh .ci/engine || PYTHON=$(BIN)/python sh .ci/sandbox
	@set -e; resume=; if [ -e $(BUNDLED)/audit.sqlite ]; then resume=--resume; fi; \
	$(BIN)/swe-audit run . --engine auto --workers 2 $(CERTIFICATES) --out $(BUNDLED) $$resume; \
	echo "report: $(CURDIR)/$(BUNDLED)/index.html"

test: check engine ## Everything in check, then containers, browser and packaging
	@$(PYTEST) -n 2 tests/browser
	@$(PYTEST) -n 2 --dist loadfile -m 'not alone' tests/packaging tests/containers
	@$(PYTEST) -m alone tests/containers

parity: engine $(PARITY)/.ready ## Compare with the official harness, in its own environment (850 MB)
	@if [ -e $(BUNDLED)/audit.sqlite ]; then \
	  $(PARITY)/bin/python benchmarks/parity_logs.py $(BUNDLED); fi
	@$(PARITY)/bin/pytest -q tests/parity tests/unit/formats

$(PARITY)/.ready: requirements-parity.lock pyproject.toml $(READY)
	@echo "making $(PARITY) with the official harness"
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(PARITY)
	@install="$(BIN)/uv pip install --quiet --system-certs --python $(PARITY)/bin/python"; \
	$$install --require-hashes -r requirements-parity.lock && \
	$$install --no-build-isolation --no-deps -e .
	@touch $@

check: lint ## Lint, types, import contracts, unit tests, docs
	@$(PYTEST) -n auto tests/unit
	@$(BIN)/python docs/make_cli.py --check

lint: venv ## Format, lint, types and import contracts
	@$(BIN)/ruff format --quiet --check . || { echo "run \`make format\`" >&2; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache > $(VENV)/lint-imports.log || { cat $(VENV)/lint-imports.log; exit 1; }
	@echo "lint, types and import contracts: fine"

format: venv ## Format the code and mend what the linter can
	@$(BIN)/ruff check --quiet --fix . || true
	@$(BIN)/ruff format --quiet .

example: engine ## Audit the bundled tasks anew for reports/example/; RUN=DIR takes a finished run
	@set -e; run="$(RUN)"; \
	if [ -z "$$run" ]; then run=$$(mktemp -d)/example; trap 'rm -rf "$${run%/example}"' EXIT; \
	  $(BIN)/swe-audit run . --workers 2 $(CERTIFICATES) --out "$$run"; \
	  $(BIN)/swe-audit repair "$$run" $(CERTIFICATES) --out "$$run/repairs" --json \
	    > "$$run/repair.part"; mv "$$run/repair.part" "$$run/repair.json"; fi; \
	$(BIN)/python docs/make_example.py --run "$$run"

bench: engine $(PARITY)/.ready ## Measure our speed; figures go to benchmarks/results/
	@mkdir -p benchmarks/results
	@$(BIN)/python benchmarks/overhead.py --task-repo $(BENCH_TASKS) -i $(BENCH_TASK) \
	  --swebench-python $(CURDIR)/$(PARITY)/bin/python --out benchmarks/results/overhead.json
	@$(BIN)/python benchmarks/throughput.py --task-repo $(BENCH_TASKS) -i $(BENCH_TASK) \
	  --out benchmarks/results/throughput.json
	@$(BIN)/python benchmarks/scale.py --out benchmarks/results/scale.json
	@$(BIN)/python benchmarks/storage.py --out benchmarks/results/storage.json
	@$(BIN)/python benchmarks/render.py --out benchmarks/results/render.json
	@$(BIN)/python benchmarks/pages.py --out benchmarks/results/pages.json

soak: engine $(PARITY)/.ready ## What takes long: crashes, real tasks; figures go to benchmarks/results/
	@mkdir -p benchmarks/results
	@SOAK_KILLS=50 SOAK=1 $(PYTEST) tests/containers/test_nothing_lost.py \
	  tests/containers/test_cluster.py tests/containers/test_podman.py \
	  tests/containers/test_hostile_patches.py
	@$(BIN)/python benchmarks/cluster.py $(CERTIFICATES) --out benchmarks/results/cluster.json
	@$(BIN)/python benchmarks/sandbox.py $(CERTIFICATES) --out benchmarks/results/sandbox.json
	@$(BIN)/python benchmarks/editable.py $(CERTIFICATES) --out benchmarks/results/editable-bundled.json
	@$(BIN)/python benchmarks/soak_real.py $(CERTIFICATES)
	@if [ -d $(REAL) ]; then $(BIN)/python benchmarks/editable.py $(CERTIFICATES) --task-repo $(REAL) \
	  -p $(REAL_PREDICTIONS) $(INSTALLING:%=-i %) --interpreters $(HOME)/.pyenv/versions \
	  --out benchmarks/results/editable.json; fi
	@if [ -e reports/real/audit.sqlite ]; then \
	  $(PARITY)/bin/python benchmarks/parity_logs.py reports/real; fi

fuzz: venv ## Feed every reader 100,000 inputs that coverage guides; figures go to benchmarks/results/
	@[ -x $(FUZZ)/bin/python ] || $(BIN)/uv venv --quiet --python $(BIN)/python $(FUZZ)
	@$(BIN)/uv pip install --quiet --system-certs --python $(FUZZ)/bin/python atheris==3.0.0
	@PYTHONPATH=$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))'):$(CURDIR) \
	  $(FUZZ)/bin/python benchmarks/fuzz.py --out benchmarks/results/fuzz.json

docs: venv ## Write docs/cli.md again from --help
	@$(BIN)/python docs/make_cli.py

lock: venv ## Resolve the locked versions again
	@export UV_CUSTOM_COMPILE_COMMAND="make lock"; \
	compile="$(BIN)/uv pip compile --quiet --universal --python-version 3.10 --upgrade \
	  --generate-hashes --no-emit-index-url --no-annotate --system-certs"; \
	$$compile --extra dev --extra swebench pyproject.toml -o requirements-parity.lock && \
	$$compile --extra dev pyproject.toml -c requirements-parity.lock -o requirements.lock && \
	$$compile pyproject.toml -c requirements.lock -o requirements-runtime.lock

engine: venv ## Find a container engine; as root on Debian or Ubuntu install one
	@PYTHON=$(BIN)/python sh .ci/engine

venv: $(READY) ## Make the environment in .venv/

$(READY): requirements.lock pyproject.toml
	@sh .ci/venv $(VENV) $(PYTHON)
	@touch $@

clean: ## Remove what was made, reports and the environment included
	@rm -rf $(VENV) $(PARITY) $(FUZZ) $(BUNDLED) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis \
	  .import_linter_cache
	@find swe_audit tests docs benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + \
	  2>/dev/null || true
