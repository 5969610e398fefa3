# The index of the project: `make` alone prints it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PYTEST := $(BIN)/python -m pytest
CHROMIUM ?= $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)
NPM := $(shell command -v node >/dev/null && command -v npm)
# The journeys that this machine cannot play, as pytest selects them, and what it lacks for them.
UNPLAYED := $(subst browser node,browser or node,$(strip $(if $(CHROMIUM),,browser) $(if $(NPM),,node)))
LACKING := $(subst browser,Chromium,$(subst node,Node.js,$(subst or node,et node,$(UNPLAYED))))
SETTINGS := franceconnect.settings
# The sandbox has its own settings, and so a run of its own.
SANDBOX_TESTS := tests/sandbox --ds=$(SETTINGS).sandbox
export CHROMIUM

.DEFAULT_GOAL := help
.PHONY: help setup sandbox reset test rooms journeys-and-sandbox test-protocol journeys screenshots bench format lint types \
        architecture migrations reference cog lock check checks-without-tests clean

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-20s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## virtual environment and hash-locked requirements, when the lock changed
	@.ci/setup $(PYTHON) $(VENV)

sandbox: setup ## the whole platform with its demo partners, until Ctrl-C
	@exec $(BIN)/python -m franceconnect.supervisor

reset: setup ## delete the sandbox's data; the next `make sandbox` starts afresh
	@$(BIN)/python -m franceconnect.supervisor reset

test: setup ## the suite; browser journeys too with Chromium and Node.js (REQUIRE_BROWSER=1: or fail)
ifeq ($(UNPLAYED),)
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=line rooms journeys-and-sandbox
else ifeq ($(REQUIRE_BROWSER),1)
	@echo "Il manque $(LACKING) : apt install chromium nodejs npm, ou CHROMIUM=/chemin." >&2; exit 1
else
	$(PYTEST) -m "not ($(UNPLAYED))"
	$(PYTEST) $(SANDBOX_TESTS)
	@echo; echo "Il manque $(LACKING). Ces parcours n’ont pas été joués :"
	@$(PYTEST) -m "$(UNPLAYED)" --collect-only | grep '::' || echo "(aucun)"
endif

# Two halves at once, each with its own PostgreSQL: journeys mostly wait for browsers and servers.
# The « + » lets the rooms show their dots as they go; the other half's words come when it has ended.
rooms: setup
	+$(PYTEST) --ignore=tests/journeys

journeys-and-sandbox: export TEST_VAR_DIR := $(CURDIR)/var/test-journeys
journeys-and-sandbox: setup
	$(PYTEST) tests/journeys
	$(PYTEST) $(SANDBOX_TESTS)

test-protocol: setup ## the law alone, without Django
	$(PYTEST) tests/protocol

journeys: setup ## whole sign-ins, browser included
	$(PYTEST) tests/journeys

screenshots: setup ## redraw docs/screens
	$(BIN)/python -m tests.screenshots

bench: setup ## statements, CPU and memory of a sign-in, endpoint by endpoint
	$(BIN)/python -m benchmarks

format: setup ## rewrite Python and templates in the house style
	$(BIN)/ruff format . && $(BIN)/ruff check --fix . && $(BIN)/djlint --reformat --quiet templates

lint: setup ## style of Python and of the templates
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/djlint --check --lint --quiet templates

types: setup ## mypy, whose Django plugin reads the settings, which need the keys
	@$(BIN)/python -c "from franceconnect import standalone; standalone.ensure_secrets()"
	$(BIN)/mypy

architecture: setup ## the import contract
	$(BIN)/lint-imports

migrations: setup ## every model change has its migration, at the broker and at the sandbox
	$(BIN)/python manage.py makemigrations --check --dry-run
	DJANGO_SETTINGS_MODULE=$(SETTINGS).sandbox $(BIN)/python manage.py makemigrations --check --dry-run

reference: setup ## write docs/reference from the tables (CHECK=1: only say whether it is fresh)
	$(BIN)/python -m franceconnect.reference $(if $(CHECK),--check)

checks-without-tests: lint types architecture migrations ## everything CI runs but the tests
	@$(MAKE) --no-print-directory reference CHECK=1

check: checks-without-tests ## everything CI runs
	@$(MAKE) --no-print-directory test REQUIRE_BROWSER=1

cog: setup ## rebuild the communes of apps/cog from the registry's packages (needs npm)
	$(BIN)/python -m apps.cog.building

lock: setup ## requirements/*.in → *.txt, with hashes
	$(BIN)/pip install --quiet uv
	for name in base embedded dev; do $(BIN)/uv pip compile --quiet --universal --python-version 3.11 \
	  --generate-hashes requirements/$$name.in --output-file requirements/$$name.txt || exit 1; done

clean: ## delete the virtual environment and the caches; the sandbox's data stays
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
