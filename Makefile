# The commands that everybody uses; CI calls the same ones.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
TESTED := $(VENV)/.installed-test

.PHONY: run test check lint format messages screenshots clean help

help: ## Say what each command does
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort

run: $(STAMP) ## Install what Amends needs and start the demonstration
	$(BIN)/amends demo

test: $(TESTED) ## Install what the tests need, and run all of them on SQLite and PostgreSQL
	$(BIN)/python -m tests.run

check: $(TESTED) ## Style, types, import contracts, migrations, translations
	$(BIN)/python -m tests.check

format: $(TESTED) ## Rewrite the code in the house style
	$(BIN)/ruff check --fix -q .
	$(BIN)/ruff format -q .

messages: $(TESTED) ## Collect the texts to translate and compile the catalogues
	cd src/amends && ../../$(BIN)/python -m django makemessages --all --no-location --no-obsolete --ignore 'static/*' --settings tests.settings --pythonpath ../..
	$(BIN)/python -m tests.translations --compile

screenshots: $(TESTED) ## Take the pictures of docs/images from the demonstration
	$(BIN)/python -m tests.journeys.screenshots docs/images

$(STAMP): requirements/runtime.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Amends needs Python 3.11 or newer: set PYTHON=/path/to/python3.11"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "Cannot make a virtual environment: apt-get install python3-venv"; exit 2; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements/runtime.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(TESTED): $(STAMP) requirements/test.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements/test.txt
	@touch $@

clean: ## Remove what was installed and built
	rm -rf $(VENV) .testnet .mypy_cache .ruff_cache .pytest_cache .hypothesis
