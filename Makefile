# make demo | test | lint | verify | bench | docs        (make PYTHON=python3.12 demo for another interpreter)

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SCENARIO ?= scenarios/homs_2024.yaml
INSTALL := $(BIN)/python -m pip install --quiet --constraint constraints.txt

.PHONY: demo test lint verify bench docs golden lock clean
.DEFAULT_GOAL := demo

demo: $(VENV)/.ready-run
	$(BIN)/corridor run $(SCENARIO)

test: lint
	$(BIN)/pytest -n 2 --nbmake --nbmake-timeout=300 --cov --cov-report=term tests corridor $(wildcard notebooks/*.ipynb)

lint: $(VENV)/.ready-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

verify: $(VENV)/.ready-dev  ## the engine against theory, and 10,000 random worlds: for a night
	$(BIN)/pytest -n 2 --hypothesis-profile=nightly tests/test_verification_*.py

bench: $(VENV)/.ready-dev
	$(BIN)/pytest benchmarks --benchmark-enable --benchmark-only --benchmark-columns=min,median,rounds -s

docs: $(VENV)/.ready-docs
	$(BIN)/sphinx-build -W --keep-going -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

golden: $(VENV)/.ready-run  ## write results/*/summary.csv of the shipped scenarios anew
	for scenario in scenarios/*.yaml; do $(BIN)/corridor run --no-figures "$$scenario" || exit 1; done

lock:  ## pin the newest versions that pyproject.toml allows
	uv pip compile --quiet --upgrade --universal --no-annotate --no-header --group dev --group docs pyproject.toml --output-file constraints.txt

clean:
	rm -rf $(VENV) build dist docs/_build

# One stamp for each thing to be ready for; a change of pyproject.toml or constraints.txt makes it stale.
$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("corridor needs Python 3.11 or newer, this is " + sys.version) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.ready-run: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(INSTALL) --editable .
	touch $@

# Groups of dependencies need pip 25.1.
$(VENV)/.ready-dev $(VENV)/.ready-docs: $(VENV)/.ready-%: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	$(INSTALL) --editable . --group $*
	touch $@
