# Every target sets up .venv by itself: with uv where it is present, with venv and pip otherwise.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: setup run demo test check format bench clean

setup: $(READY)

$(READY): pyproject.toml constraints.txt
	@if command -v uv >/dev/null 2>&1; then \
		uv venv --quiet --allow-existing --python $(PYTHON) .venv && \
		uv pip install --quiet --python $(BIN)/python -c constraints.txt -e '.[dev]'; \
	else \
		$(PYTHON) -m venv .venv && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'; \
	fi
	@touch $@

run: $(READY)  ## open the estimator in the browser
	$(BIN)/costlab app

demo: $(READY)  ## the main job once, in the terminal
	$(BIN)/costlab demo demo

test: check  ## everything: style, types, layers, catalog, tests
	$(BIN)/python -m pytest -n 2 --dist worksteal

check: $(READY)  ## style, types, import layers, the price catalog
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/costlab catalog check

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY)  ## performance, as ratios to a baseline measured in the same run
	$(BIN)/python -m tests.benchmarks

clean:
	rm -rf .venv demo dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
