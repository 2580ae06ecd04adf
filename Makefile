# Two commands for users: `make report` and `make test`. Each does all the set-up it needs.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The environment is current when the stamp of these files stands in it.
SETUP := .ci/lock.txt .ci/uv.txt setup.cfg pyproject.toml
STAMP := $(VENV)/.stamp
WEB := research/manias/explore/web
PROGRAMS := $(WEB)/dist/explore.js

.PHONY: report report-zh explore programs test test-slow test-explore floors ceilings verify trust bench notebooks lab lint check gauges docs lock clean help

report: $(STAMP)
	@$(BIN)/manias report --output reports/build/manias.pdf

report-zh: $(STAMP)
	@$(BIN)/manias report --language zh --output reports/build/manias.zh.pdf

# The page that opens without a connection; only its programs need Node.js, to be built.
explore: $(STAMP) $(PROGRAMS)
	@$(BIN)/manias explore --output reports/build/manias.html
	@$(BIN)/manias explore --language zh --output reports/build/manias.zh.html

programs: $(PROGRAMS)

$(PROGRAMS): $(wildcard $(WEB)/src/*.* $(WEB)/src/*/*.*) $(WEB)/package-lock.json $(WEB)/build.mjs $(WEB)/tsconfig.json
	@command -v npm >/dev/null 2>&1 || { echo "manias: npm missing; expected Node.js 20 or newer (on Debian: apt-get install nodejs npm)" >&2; exit 1; }
	@cd $(WEB) && npm ci --silent --ignore-scripts --no-fund --no-audit && npm run -s check && npm run -s build

test: $(STAMP)
	@$(BIN)/python -m pytest -q -m "not slow and not browser" -n 2 --dist loadfile

# The page in a browser: needs Node.js, and Debian's chromium.
test-explore: $(STAMP) $(PROGRAMS)
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install -q --require-hashes -r .ci/browser.txt
	@$(BIN)/python -m pytest -q -p no:xdist -m "not slow" tests/explore

test-slow: $(STAMP)
	@$(BIN)/python -m pytest -q -m slow -n 2 --dist load

# The same quick part at the lowest declared versions and at the newest: make floors PYTHON=python3.12
floors: RESOLUTION := lowest-direct
ceilings: RESOLUTION := highest
floors ceilings: $(STAMP) $(PROGRAMS)
	@$(BIN)/uv venv -q --clear --python $(PYTHON) .venv-$@
	@$(BIN)/uv pip install -q --python .venv-$@/bin/python --resolution $(RESOLUTION) -e '.[test,docs]'
	@PATH="$(CURDIR)/.venv-$@/bin:$$PATH" .venv-$@/bin/python -m pytest -q -m "not slow and not browser" -n 2 --dist loadfile

# Every kept model, fitted again and compared with its card; those that take longest first.
verify: $(STAMP)
	@$(BIN)/python -c 'import manias; print(*sorted(manias.model_names(), reverse=True))' | tr ' ' '\n' | xargs -P 2 -n 1 $(BIN)/manias verify

# What is promised, tried; `make trust ONLY=name` tries one line. Writes TRUST.md.
trust: $(STAMP)
	@$(BIN)/python research/trust/run.py $(ONLY)

notebooks: $(STAMP)
	@$(BIN)/manias notebooks

lab: $(STAMP)
	@$(BIN)/jupyter lab notebooks

check: $(STAMP)
	@$(BIN)/manias data check

# For maintainers: scores of public gauges that no longer hold, and readings that take long.
gauges: $(STAMP)
	@$(BIN)/manias gauges --renew

bench: $(STAMP)
	@$(BIN)/python research/benchmarks/explosive.py --output reports/build/explosive.md
	@cat reports/build/explosive.md

lint: $(STAMP)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy tests/reference/typed_right.py

$(STAMP): $(SETUP) Makefile
	@echo "manias: setting up the environment ..." >&2
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(v < (3, 11) and f"manias: Python {v[0]}.{v[1]}; expected 3.11 or newer (make PYTHON=python3.11)")'
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV) || { rm -rf $(VENV); echo "manias: python3 -m venv failed; expected the venv module (on Debian: apt-get install python3-venv)" >&2; exit 1; }
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r .ci/uv.txt
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip sync -q --compile-bytecode --require-hashes .ci/lock.txt .ci/uv.txt
	@VIRTUAL_ENV=$(VENV) $(BIN)/uv pip install -q --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q research/manias
	@touch $@

# For maintainers: what is written from the code, public names and lists of README.
docs: $(STAMP)
	@$(BIN)/python research/curation/public_names.py
	@$(BIN)/python research/curation/codebook.py
	@$(BIN)/python research/curation/exhibits.py

# For maintainers: newer versions of what we depend on, with hashes.
lock: $(STAMP)
	@$(BIN)/uv pip compile -q setup.cfg --all-extras --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate .ci/build.in -o .ci/lock.txt

clean:
	rm -rf $(VENV) reports/build

help:
	@grep -E '^[a-z-]+:' Makefile | cut -d: -f1

# The figure that README.md shows.
reports/event-time.svg: $(STAMP) research/manias/figures/record.py datasets/trajectories/data.csv
	@$(BIN)/manias compare uk-railways-1840s uk-railways-mitchell us-it-dotcom us-it-ai --before 3 --after 7 --output $@ >/dev/null
