# `make run` and `make test` do all the set-up on a fresh machine; `make help` lists the rest.
.DEFAULT_GOAL := help
.PHONY: help run test test-quick long coverage soak check check-python check-web fix wheel bench fuzz lighthouse messages pictures lock clean
SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin
export FILIFORM_DEMO ?= yes

help: ## say what each target does
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/.ready-app web/node_modules/.ready ## start the demo clinic and open it in a browser
	@$(BIN)/filiform serve --open

test: .venv/.ready-dev web/node_modules/.ready-dev tools/lighthouse/node_modules/.ready ## run all tests, on SQLite, on PostgreSQL and in a browser
	@$(BIN)/python tools/run_tests.py

test-quick: .venv/.ready-dev web/node_modules/.ready-dev ## run the tests on SQLite, without a browser
	@$(BIN)/pytest -q -n 2 -m "not browser and not postgres and not long"

long: .venv/.ready-dev web/node_modules/.ready-dev tools/lighthouse/node_modules/.ready ## run what `make test` leaves out: second looks at pages, larger numbers of cases
	@$(BIN)/python tools/run_tests.py long

coverage: .venv/.ready-dev web/node_modules/.ready-dev ## measure which branches the tests walk: all of the pure rooms'; QUICK=yes: these alone
	@$(BIN)/python tools/branches.py $(if $(QUICK),pure)

soak: .venv/.ready-dev web/node_modules/.ready-dev ## kill the server 100 times while 10,000 acts are recorded; report in build/soak.md
	@$(BIN)/python -m tests.soak

check: check-python check-web ## style of Python, scripts, styles and templates, types, structure, translations

# Needs no npm: with `make -j2 check` types are checked while npm installs.
check-python: .venv/.ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/messages.py --check
	$(BIN)/python tools/web/templates.py

check-web: .venv/.ready-dev web/node_modules/.ready-dev
	@PATH=$(CURDIR)/$(BIN):$$PATH npm --prefix web run --silent lint

fix: .venv/.ready-dev web/node_modules/.ready-dev ## mend what the linters can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/python tools/web/templates.py --fix
	@PATH=$(CURDIR)/$(BIN):$$PATH npm --prefix web run --silent fix

wheel: .venv/.ready-app web/node_modules/.ready ## build the package, with scripts, styles, typefaces and translations, into dist/
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir dist .

bench: .venv/.ready-dev web/node_modules/.ready ## measure a clinic of 50,000 patients, in process and over HTTP, and screening
	@$(BIN)/python -m tests.bench.server_times
	@$(BIN)/python -m tests.bench.http_times
	@$(BIN)/python -m tests.bench.screening_times

fuzz: .venv/.ready-dev ## send REQUESTS (100000) of any kind to every address as every role: build/fuzz.md
	@FILIFORM_FUZZ_REQUESTS=$(or $(REQUESTS),100000) FILIFORM_FUZZ_READINGS=$(or $(READINGS),20000) \
	  FILIFORM_FUZZ_REPORT=build/fuzz.md $(BIN)/pytest -q tests/clinic/fuzz tests/exchange/test_readers_of_anything.py

lighthouse: .venv/.ready-dev web/node_modules/.ready tools/lighthouse/node_modules/.ready ## measure the public pages with Lighthouse: docs/reference/lighthouse.md; QUICK=yes: the first page alone
	@$(BIN)/python tools/lighthouse/run.py $(if $(QUICK),--quick,--report docs/reference/lighthouse.md)

messages: .venv/.ready-dev ## collect the texts to be translated into the catalogues
	@$(BIN)/python tools/messages.py

pictures: .venv/.ready-dev web/node_modules/.ready-dev ## take the pictures of README, tutorial and public pages anew, from running demo clinics
	@$(BIN)/python tools/pictures.py
	@$(BIN)/python tools/public_pictures.py
	@$(BIN)/python tools/freed_time_film.py

lock: ## pin the newest allowed versions (needs uv in .venv: .venv/bin/pip install uv)
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q --upgrade requirements/app.in -o requirements/app.txt
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q --upgrade requirements/web.in -o requirements/web.txt
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q --upgrade requirements/dev.in -o requirements/dev.txt
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q --upgrade requirements/node.in -o requirements/node.txt

clean: ## remove the environment, not the data
	rm -rf .venv web/node_modules web/build web/collected build dist

.venv/.ready-app: requirements/app.txt pyproject.toml tools/prepare.sh
	@PYTHON=$(PYTHON) sh tools/prepare.sh app

.venv/.ready-dev: requirements/app.txt requirements/dev.txt pyproject.toml tools/prepare.sh
	@PYTHON=$(PYTHON) sh tools/prepare.sh dev

web/node_modules/.ready: web/package-lock.json tools/prepare.sh tools/web/build.py | .venv/.ready-app
	@sh tools/prepare.sh web

tools/lighthouse/node_modules/.ready: tools/lighthouse/package-lock.json tools/prepare.sh | .venv/.ready-dev
	@sh tools/prepare.sh lighthouse

web/node_modules/.ready-dev: web/package-lock.json tools/prepare.sh tools/web/build.py | .venv/.ready-dev
	@sh tools/prepare.sh web-dev
