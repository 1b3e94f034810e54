# One command for each thing a person wants. Each does its own set-up and says what it does.

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
SOURCES := $(wildcard app.py chalicelib infra tests bench)
LOCK := uv pip compile --no-config --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"
ARGS ?=
EMAIL ?=
STAGE ?=

.DEFAULT_GOAL := help
.PHONY: help setup system-packages run test test-long check check-style check-types check-imports \
	check-lock check-template check-house format bench lock deploy admin clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(STAMP) ## make .venv with everything the other targets need

$(STAMP): requirements-dev.txt infra/setup.sh
	@sh infra/setup.sh $(VENV)
	@touch $@

system-packages:
	@sh infra/system-packages.sh

run: setup ## the whole system on this machine, with data to play with
	@echo "run: starting Salestream on this machine (Ctrl-C stops it, its data stays)"
	@$(BIN)/python -m infra.sandbox $(ARGS)

test: setup system-packages ## every test but the long ones (ARGS="-k lead" narrows)
	@echo "test: running the tests"
	@$(BIN)/pytest -q $(if $(ARGS),$(ARGS),-n auto --ignore tests/stack)
	@$(if $(ARGS),,$(BIN)/pytest -q tests/stack)

test-long: setup system-packages ## the tests with big numbers
	@echo "test-long: running the tests marked long"
	@$(BIN)/pytest -q -m long $(ARGS)

check: check-style check-types check-imports check-lock check-template check-house ## all that must hold before a change is handed in
	@echo "check: all good"

check-style: setup
	@echo "check-style: ruff, rules and format"
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

check-types: setup
	@echo "check-types: mypy, strict, over $(SOURCES)"
	@$(BIN)/mypy $(SOURCES)

check-imports: setup
	@echo "check-imports: who may import what"
	@$(BIN)/lint-imports --no-cache --no-logo

check-lock: setup
	@echo "check-lock: the requirements files are what pyproject.toml asks for"
	@work=$$(mktemp -d) && trap 'rm -rf "$$work"' EXIT \
	&& cp pyproject.toml requirements.txt requirements-dev.txt "$$work" \
	&& ( cd "$$work" && PATH="$(CURDIR)/$(BIN):$$PATH" $(MAKE) -s -f "$(CURDIR)/Makefile" write-lock ARGS= ) \
	&& for file in requirements.txt requirements-dev.txt; do \
		diff -u "$$file" "$$work/$$file" || { echo "$$file is stale: run make lock" >&2; exit 1; }; \
	done

check-template: setup
	@echo "check-template: cfn-lint over the template that goes to AWS"
	@$(BIN)/python -m infra.package --check

check-house: setup
	@echo "check-house: the shape of the source"
	@$(BIN)/pytest -q tests/house

format: setup ## put the source in its house format
	@echo "format: ruff, safe fixes and format"
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

bench: setup ## what each request costs and how long it takes
	@echo "bench: measuring"
	@$(BIN)/python -m bench $(ARGS)

lock: setup ## write the requirements files anew (ARGS=--upgrade takes the newest)
	@echo "lock: writing requirements.txt and requirements-dev.txt"
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(MAKE) -s write-lock

.PHONY: write-lock
write-lock:
	@$(LOCK) $(ARGS) pyproject.toml -o requirements.txt
	@$(LOCK) $(ARGS) -c requirements.txt pyproject.toml --group dev -o requirements-dev.txt

deploy: setup ## put it in your AWS account: make deploy STAGE=prod
	@test -n "$(STAGE)" || { echo "deploy: say which stage, as in make deploy STAGE=prod" >&2; exit 2; }
	@echo "deploy: packaging and deploying stage $(STAGE)"
	@$(BIN)/python -m infra.deploy --stage "$(STAGE)" $(ARGS)

admin: setup ## the first administrator: make admin EMAIL=you@example.com STAGE=prod
	@test -n "$(STAGE)" -a -n "$(EMAIL)" || { echo "admin: say who and where, as in make admin EMAIL=you@example.com STAGE=prod" >&2; exit 2; }
	@echo "admin: making $(EMAIL) an administrator of stage $(STAGE)"
	@$(BIN)/python -m infra.admin --email "$(EMAIL)" --stage "$(STAGE)" $(ARGS)

clean: ## remove what was built here; the sandbox's data too
	@echo "clean: removing $(VENV), .sandbox, build and the caches"
	@rm -rf $(VENV) .sandbox build .chalice/deployments .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
