# The commands of the project; `make scan` and `make test` set up all they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOURCE ?= examples/estate
WORKERS ?= 2

.PHONY: scan test lint policies bench soak lock servers clean

scan: $(VENV)/vouch.stamp  ## scan the example estate, or SOURCE=…
	@$(BIN)/vouch scan $(SOURCE) --format text --format html:vouch-report.html --fail-on none \
	  && echo "The HTML report: $(CURDIR)/vouch-report.html"

test: $(VENV)/dev.stamp servers  ## unit, integration and end-to-end tests
	$(BIN)/pytest -n $(WORKERS) --dist loadgroup -rs $(PYTEST)

lint: $(VENV)/dev.stamp  ## exactly what CI runs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/vouch controls lint

policies: $(VENV)/dev.stamp servers  ## format, strict check, tests, coverage and mutation of every control
	$(BIN)/python -m tools.policies

bench: $(VENV)/dev.stamp  ## speed and memory, as figures to read
	$(BIN)/python -m benchmarks.engine
	$(BIN)/python -m benchmarks.manifests
	$(BIN)/python -m benchmarks.html

soak: $(VENV)/dev.stamp servers  ## the seeded fuzz tests, twenty times as long, and the bounds of memory
	VOUCH_FUZZ=20 $(BIN)/pytest -n $(WORKERS) -rs tests/integration/engines/test_equivalence.py tests/unit/evidence $(PYTEST)
	$(BIN)/python -m benchmarks.manifests --memory

servers: $(VENV)/dev.stamp
	@$(BIN)/python tools/build_servers.py
	@$(BIN)/python tools/setup_browser.py

lock:  ## pin the newest versions that fit pyproject.toml
	printf 'hatchling>=1.27\neditables\n' | uv pip compile $(LOCK) pyproject.toml - -o requirements/vouch.txt
	uv pip compile $(LOCK) pyproject.toml --group dev -c requirements/vouch.txt -o requirements/dev.txt

LOCK := --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
  --no-emit-find-links --no-annotate

clean:
	rm -rf $(VENV) vouch-report.html

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "vouch needs Python 3.11 or newer; say make PYTHON=…")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/vouch.stamp: requirements/vouch.txt pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/vouch.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/vouch.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@
