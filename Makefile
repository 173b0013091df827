# Everything that a person does here. `make` alone lists it.
# All of it works on the dev stack; other stacks are for plain `pulumi` with a backend of their own.

SHELL := /bin/sh
PYTHON ?= python3
PY := .toolchain/venv/bin/python
# What tests and lint run over.
SOURCES := __main__.py components ops toolchain lab bench examples tests
TYPED := components ops toolchain lab bench examples
SCRIPTS := $(shell find components toolchain examples lab bench tests .ci -name "*.sh") .ci/run
PYTEST := $(PY) -m pytest -q -n 2
# Set in CI, which leaves nothing out.
CI ?=
TWICE := $(if $(CI),--reruns 1)

.DEFAULT_GOAL := help
.PHONY: help setup up status preview down check test bench lint types fast slow etcds kubernetes lock schema clean

help: ## List what there is to make
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 18

setup: ## Get the engine, plugins, etcd and Python packages into .toolchain
	@$(PYTHON) -m toolchain setup

up: setup ## Bring the dev cluster up, or to what its stack file says
	@. .toolchain/env && $(PY) -m ops up

status: setup ## Show each member: version, leader, size, health, certificate days left
	@. .toolchain/env && $(PY) -m ops status

preview: setup ## Say what `make up` would change
	@. .toolchain/env && $(PY) -m ops preview

down: setup ## Stop the dev cluster and leave nothing of it behind
	@. .toolchain/env && $(PY) -m ops down --yes

check: setup lint types fast ## Lint, types and the fast tests, under a minute

test: check slow ## Every test, but for those that it names; with CI=true, those too

lint:
	@$(PY) -m ruff check $(SOURCES)
	@$(PY) -m ruff format --check $(SOURCES)
	@.toolchain/venv/bin/shellcheck $(SCRIPTS)

types:
	@$(PY) -m mypy --strict $(TYPED)

fast:
	@$(PYTEST) --dist worksteal -m "not slow"

# Tests of a file share its clusters, so a file stays with one worker; most wait more than they
# compute. What measures a running cluster comes last and alone: it must not share two cores with
# others. Why some run twice: ADR 22.
slow: etcds kubernetes
	@$(PY) -m pytest -q -n 3 $(TWICE) --dist loadfile -m "slow and not alone$(if $(CI),, and not exhaustive)"
	@$(PY) -m pytest -q $(TWICE) -m "alone$(if $(CI),, and not exhaustive)"
	@$(if $(CI),:,$(PY) -m tests.left_out)

# For the tests' host of another architecture, and for packages and upgrades of another version.
etcds:
	@$(PYTHON) -m toolchain etcd 3.6.14 --architecture arm64
	@$(PYTHON) -m toolchain etcd 3.5.33
	@$(PYTHON) -m toolchain etcd 3.7.1

# For tests on a Kubernetes cluster, whose nodes are made on Linux alone. Compiles for five minutes.
kubernetes:
	@$(if $(filter Linux,$(shell uname)),$(PYTHON) -m toolchain kubernetes,:)

bench: setup ## Measure set-up, up, preview, down, memory, a rolling restart, real hosts, operations
	@. .toolchain/env && $(PY) -m bench all

lock: setup ## Pin requirements*.in anew, with hashes
	@for name in requirements requirements-dev; do \
	  .toolchain/venv/bin/uv pip compile --quiet --universal --python-version 3.11 \
	    --generate-hashes --no-emit-index-url --no-header $$name.in --output-file $$name.txt; \
	done

schema: setup ## Write stacks/schema.json from the spec
	@$(PY) -m components.spec.schema

clean: ## Remove .toolchain; the next make fetches and builds it again
	@rm -rf .toolchain
