# The commands of the day. `make demo` and `make test` set up all they need, given Python 3.11 or newer.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup demo test lint types contracts suite format pins picture model gate judge label-texts circumstances clean

VENV := .venv
BIN := $(VENV)/bin
# A Python that will do on this machine; `make PYTHON=/path/to/python3.12 test` picks another.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

demo: $(VENV)/runtime ## the daemon at work on recorded feeds, about half a minute, no network needed
	@$(BIN)/python -m monitor.demo

test: lint types contracts suite ## everything that CI runs

setup: $(VENV)/dev ## the virtual environment with all that development needs

lint: $(VENV)/dev ## style of code and imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/dev ## mypy, strict
	$(BIN)/mypy

contracts: $(VENV)/dev ## who may import whom
	$(BIN)/lint-imports --no-cache

suite: $(VENV)/dev ## the tests, on SQLite and on a PostgreSQL that they start themselves
	$(BIN)/pytest -n 2

format: $(VENV)/dev ## let ruff put code in shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

pins: $(VENV)/dev ## pin the newest requirements that pyproject.toml admits, with their hashes
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
		--no-annotate --upgrade --group dev pyproject.toml --output-file requirements-dev.txt --quiet
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
		--no-annotate --group build --constraint requirements-dev.txt pyproject.toml \
		--output-file requirements.txt --quiet

picture: $(VENV)/dev ## draw the demo for the README
	@$(BIN)/python -m monitor.demo docs/demo.svg

# One thread: sums in another order would give other weights. The syntax model takes about a quarter of an hour, the
# judge five minutes.
SHARED ?= ../shared
NLP ?= $(SHARED)/nlp
GOLD ?= $(SHARED)/gold
SEED ?= $(SHARED)/seed
ALONE := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 PYTHONHASHSEED=0

model: $(VENV)/dev ## train what the chain ships: the syntax model (NLP=FOLDER), then the judge
	$(ALONE) $(BIN)/python -m extractors.training --nlp "$(NLP)"
	$(MAKE) gate
	$(MAKE) judge
	$(MAKE) circumstances

# `make judge HALF=even JUDGE=.cache/even.npz`, then `demarche evaluate --judge .cache/even.npz --half odd`: what a judge
# makes of passages that it has not learned from.
HALF ?= all
JUDGE ?= extractors/models/judge/judge.npz
judge: label-texts ## train the judge alone, from passages (SHARED=FOLDER) and those of our own
	$(ALONE) $(BIN)/python -m extractors.training.learn --gold "$(GOLD)/sentences.jsonl" --article "$(SEED)" \
		--half $(HALF) --output $(JUDGE) --texts .cache/label-texts.jsonl "$(GOLD)/detect.jsonl" \
		--but "$(GOLD)/articles.jsonl"

gate: label-texts ## train which sentences are worth reading (SHARED=FOLDER)
	$(BIN)/python -m extractors.training.gate --gold "$(GOLD)" --texts .cache/label-texts.jsonl

label-texts: $(VENV)/dev
	mkdir -p .cache
	$(BIN)/python benchmarks/label_texts.py "$(SHARED)" > .cache/label-texts.jsonl

circumstances: $(VENV)/dev ## train what dates and places events, for the judge that is shipped (GOLD=FOLDER)
	$(ALONE) $(BIN)/python -m extractors.training.circumstances --gold "$(GOLD)/sentences.jsonl"

clean: ## remove what the other commands made
	rm -rf $(VENV) build dist .cache .mypy_cache .ruff_cache .pytest_cache *.egg-info

# Two stamps, so that the demo of a newcomer does not wait for the tools of a developer.
$(VENV)/runtime: requirements.txt pyproject.toml
	@$(call install,requirements.txt)
	@touch $@

$(VENV)/dev: requirements-dev.txt pyproject.toml
	@$(call install,requirements-dev.txt)
	@touch $@ $(VENV)/runtime

define install
	if [ -z "$(PYTHON)" ]; then echo "Démarche needs Python 3.11 or newer (make PYTHON=/path/to/python …)"; exit 2; fi; \
	[ -x $(BIN)/python ] || "$(PYTHON)" -m venv $(VENV) || { \
		echo "No virtual environment could be made; on Debian and Ubuntu: apt install python3-venv"; exit 2; }; \
	echo "Installing $(1) into $(VENV) …"; \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1) && \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
endef
