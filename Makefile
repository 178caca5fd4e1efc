# Homeward. Two commands matter: `make demo` and `make test`.
# Everything is set up from only python3 (3.11+, with venv and pip) and make.

SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000
export PORT

.PHONY: help install demo test test-fast test-processes test-browser check lint types layers matrix bench lock messages pictures clean

help:
	@echo "make demo    everything, running on this machine (PORT=8000)"
	@echo "make test    all tests, browser tests included"
	@echo "make check   what CI runs: lint, types, layers, tests"
	@echo "make bench   the figures, each beside its limit"
	@echo "make clean   remove what the others made"

install: .venv/.installed

# The stamp is newer than the lock file when the environment matches it.
.venv/.installed: requirements.lock locale/ar/LC_MESSAGES/django.po
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Homeward needs Python 3.11 or newer; try: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null \
		|| { echo "Python's venv and pip are missing; on Debian or Ubuntu: apt-get install python3-venv python3-pip"; exit 1; }
	@echo "• Setting up .venv (a few seconds when the packages are cached, a minute or two when not)"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@set -o pipefail; $(BIN)/uv pip install --python $(BIN)/python --require-hashes -r requirements.lock 2>&1 | grep --line-buffered -v '^ [+~-] '
	@$(BIN)/pybabel --quiet compile --domain django --directory locale 2>&1 | grep -v "^compiling" || true
	@touch $@

demo: install
	@$(BIN)/python -m demo.run

# Tests of processes wait more than they work, so those of the browser run beside them, on servers of their own.
test: install browser
	@$(BIN)/python -m pytest -n 2 -m "not browser and not processes" tests
	@mkdir -p .homeward; echo "• tests with real processes, beside those in the browser; they tell at the end (.homeward/processes.log)"; \
	HOMEWARD_TEST_SERVERS=processes $(BIN)/python -m pytest -m processes tests > .homeward/processes.log 2>&1 & \
	$(BIN)/python -m pytest -n 2 --dist loadfile -m browser tests; browser=$$?; \
	wait $$!; processes=$$?; cat .homeward/processes.log; exit $$((browser + processes))

test-fast: install
	@$(BIN)/python -m pytest -n 2 -m "not browser and not processes" tests

test-processes: install
	@$(BIN)/python -m pytest -m processes tests

test-browser: install browser
	@$(BIN)/python -m pytest -n 2 --dist loadfile -m browser tests

# The pictures of README and documents, taken anew by the tests that play what they show.
pictures: install browser
	@HOMEWARD_PICTURES=1 $(BIN)/python -m pytest -m browser tests/browser/test_loop.py tests/browser/test_brand_editor.py \
		tests/browser/test_help_texts.py tests/browser/test_embedding.py

# A system Chromium, else one from the package manager, else Playwright's own.
.PHONY: browser
browser: install
	@$(BIN)/python -m tests.browser.find_chromium

check: install lint types layers test

lint: install
	@echo "• ruff"; $(BIN)/ruff check . && $(BIN)/ruff format --check .

types: install
	@echo "• mypy --strict"; $(BIN)/mypy .

layers: install
	@echo "• import-linter"; $(BIN)/lint-imports

matrix: test
	@HOMEWARD_MATRIX=1 $(BIN)/python -m pytest tests/browser tests/storefront_pages/test_every_language.py
	@HOURS_STEP=1 WATCHDOG_YEARS=2 $(BIN)/python -m pytest tests/edd/test_every_hour.py tests/benchmarks/test_watchdog.py
	@CRASH_RUNS=50 CRASH_BURST=10000 YEAR_DAYS=365 $(BIN)/python -m pytest -m processes tests

bench: install
	@$(BIN)/python -m benchmarks

lock:
	@$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header requirements.in -o requirements.lock
	@$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --constraint requirements.lock requirements-run.in -o requirements-run.lock

messages: install
	@$(BIN)/python -m config.messages

clean:
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m config.local_servers clean; fi
	@rm -rf .venv .homeward .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@find locale -name '*.mo' -delete
