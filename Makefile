# Baton's tasks. `make` alone lists them. Each makes the virtual environment it needs by itself.

PYTHON ?= python3
BIN := .venv/bin
.DEFAULT_GOAL := help
.PHONY: help demo test check lock bench migration clean

help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

demo: .venv/run  ## the whole product on this machine: a Slack stand-in with a page to click in (SMOKE=1: played by itself)
	@$(BIN)/python -m demo $(if $(SMOKE),--smoke) $(if $(PORT),--port $(PORT))

test: .venv/dev  ## all tests, two at a time: SQLite, PostgreSQL, HTTP, browser (ARGS="-k card": some of them)
	@$(BIN)/pytest -n 2 --dist worksteal $(ARGS)

check: .venv/dev  ## lint, format, types, import contracts, and all tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(MAKE) --no-print-directory test

bench: .venv/dev  ## performance as ratios, into bench/results.json
	@$(BIN)/python -m bench

lock: .venv/dev  ## pin the newest versions that pyproject.toml allows, with hashes and no addresses
	$(BIN)/uv pip compile pyproject.toml --extra postgres --group build $(PIN) -o requirements/run.txt
	$(BIN)/uv pip compile pyproject.toml --extra postgres --group build --group dev -c requirements/run.txt $(PIN) -o requirements/dev.txt

PIN := --universal --upgrade --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -q

migration: .venv/dev  ## write the next migration from the tables: MESSAGE="why"
	$(BIN)/python -m tests.new_migration "$(MESSAGE)"

clean:  ## remove what the tasks above have made
	rm -rf .venv .demo .hypothesis .pytest_cache .mypy_cache .ruff_cache .import_linter_cache

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Baton needs Python 3.11 or newer; $$($(PYTHON) --version) was found. Name another: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "This Python cannot make virtual environments; install its venv package (Debian, Ubuntu: apt install python3-venv)."; exit 1; }
	@$(PYTHON) -m venv .venv

.venv/run: requirements/run.txt | .venv/bin/python
	@echo "installing what Baton runs on …"
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r $<
	@PATH="$(CURDIR)/$(BIN):$$PATH" pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev: requirements/dev.txt .venv/run
	@echo "installing what its tests need …"
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r $<
	@touch $@
