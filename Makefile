# Everything that a person does here. `make` alone lists it.
# All of it works on the dev stack; other stacks are for plain `pulumi` with a backend of their own.

SHELL := /bin/sh
PYTHON ?= python3
PY := .toolchain/venv/bin/python
# What tests and lint run over.
SOURCES := __main__.py components ops toolchain lab bench examples tests
TYPED := components ops toolchain lab bench examples
SCRIPTS := $(shell find components toolchain examples lab bench tests .ci -name "*.sh") .ci/run
# When this began, for the budgets of the tiers.
BEGAN := $(shell date +%s)

.DEFAULT_GOAL := help
.PHONY: help setup up status preview stacks down check test soak soak-of-commit mutants bench lint types etcds etcds-of-soak kubernetes outdated lock schema clean

help: ## List what there is to make
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 18

setup: ## Get the engine, plugins, etcd and Python packages into .toolchain
	@$(PYTHON) -m toolchain setup $(if $(filter setup,$(MAKECMDGOALS)),--again)

up: setup ## Bring the dev cluster up, or to what its stack file says
	@. .toolchain/env && $(PY) -m ops up

status: setup ## Show each member: version, leader, size, health, certificate days left
	@. .toolchain/env && $(PY) -m ops status

preview: setup ## Say what `make up` would change
	@. .toolchain/env && $(PY) -m ops preview

stacks: setup ## Check the stack files in stacks/ without an engine or a network
	@$(PY) -m ops check

down: setup ## Stop the dev cluster and leave nothing of it behind
	@. .toolchain/env && $(PY) -m ops down --yes

check: setup ## Lint, types and the fast tests, under a minute
	@$(PY) -m tests.tiers check --began $(BEGAN)

test: setup ## Each promise once, on every platform it is made for
	@$(PY) -m tests.tiers test --began $(BEGAN)

soak: setup etcds-of-soak ## All other tests, for SOAK_MINUTES: what ran longest ago or failed comes first
	@$(PY) -m tests.tiers soak

# What CI runs of it, by the hash of the commit.
soak-of-commit: setup etcds-of-soak
	@$(PY) -m tests.tiers soak --commit HEAD --began $(BEGAN)

# TIER=soak asks soak for what neither check nor test finds.
mutants: setup $(if $(filter soak,$(TIER)),etcds-of-soak) ## Break the product in many ways, one by one, and say which tier finds each
	@$(PY) -m tests.mutants $(if $(TIER),--tier $(TIER))

lint:
	@$(PY) -m ruff check $(SOURCES)
	@$(PY) -m ruff format --check $(SOURCES)
	@.toolchain/venv/bin/shellcheck $(SCRIPTS)

types:
	@$(PY) -m mypy --strict $(TYPED)

# Versions that upgrades and packages are tested with.
etcds:
	@$(PYTHON) -m toolchain etcd 3.5.35

etcds-of-soak: etcds
	@$(PYTHON) -m toolchain etcd 3.7.3
	@$(PYTHON) -m toolchain etcd 3.6.16 --architecture arm64

# For tests on a Kubernetes cluster, whose nodes are made on Linux alone. Compiles for five minutes.
kubernetes:
	@$(if $(filter Linux,$(shell uname)),$(PYTHON) -m toolchain kubernetes,:)

bench: setup ## Measure set-up, up, preview, down, memory, a rolling restart, real hosts, operations
	@. .toolchain/env && $(PY) -m bench all

outdated: setup ## Ask the registries what has a newer release
	@$(PYTHON) -m toolchain outdated

# UPGRADE=--upgrade takes the newest of everything.
lock: setup ## Pin requirements*.in anew, with hashes
	@for name in requirements requirements-dev; do \
	  .toolchain/venv/bin/uv pip compile --quiet $(UPGRADE) --universal --python-version 3.11 \
	    --generate-hashes --no-emit-index-url --no-header $$name.in --output-file $$name.txt; \
	done

schema: setup ## Write stacks/schema.json and docs/reference/stack-file.md from the spec
	@$(PY) -m components.spec.documents.schema
	@$(PY) -m components.spec.documents.reference

clean: ## Remove .toolchain; the next make fetches and builds it again
	@rm -rf .toolchain
