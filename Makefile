# Each target does the set-up that is missing: a fresh clone needs Python 3.11 or newer, git and a compiler, nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: run test check fix e2e bench quality fuzz lock clean

run: $(READY)  ## open the dashboard on a sample thread
	$(BIN)/commentlab dashboard

test: $(READY)  ## run the tests
	$(BIN)/python -m pytest -m "not e2e" $(PYTEST)

e2e: $(READY)  ## run the browser tests; they need Debian's chromium
	$(BIN)/python -m pytest -m e2e $(PYTEST)

check: $(READY)  ## formatting, lint, types, layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.bench  ## speed and memory of reading, labelling and batches, and what is found without the readers of families
	$(BIN)/python benchmarks/pages.py
	$(BIN)/python benchmarks/generic.py
	$(BIN)/python benchmarks/memory.py
	$(BIN)/python benchmarks/labels.py
	$(BIN)/python benchmarks/batch.py

quality: $(VENV)/.bench  ## reading must not fall below its floors; needs ../shared
	$(BIN)/python benchmarks/quality.py

fuzz: $(READY)  ## read 20,000 damaged files
	$(BIN)/python -m tests.fuzz.mutate --count 20000

fix: $(READY)  ## mend formatting and what lint can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: $(READY)  ## pin the newest versions that pyproject.toml allows
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --no-header --no-strip-extras --upgrade --output-file requirements.lock

$(VENV)/.bench: $(READY)
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python --group bench
	touch $(VENV)/.bench

clean:
	rm -rf $(VENV) .*_cache dist out

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $(READY)
