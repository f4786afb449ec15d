# `make try`: the bot, an emulated messenger and the runner on this machine. `make test`: every test.
PYTHON ?= python3.11
PORT ?= 8080
BIN := .venv/bin
# Some environments switch bytecode off; importing TensorFlow without it takes three times as long.
export PYTHONDONTWRITEBYTECODE =

.PHONY: try test coverage check chaos pictures image bench-runner bench-chat bench-reports setup debian clean

try: setup
	$(BIN)/tutor try --port $(PORT)

# Two files at once, whatever the machine: each may start sandboxes that take all of its processors.
test: setup
	$(BIN)/python -m pytest -n 2 --dist loadfile

# The same tests, with the lines and branches of bot, lessons and runner that they reach; takes a third longer.
coverage: setup
	$(BIN)/python -m pytest -n 2 --dist loadfile --cov --cov-branch --cov-report=term:skip-covered

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/tutor check

# Two hundred rounds of load with the bot killed at random; the test run has three, and holds the same properties.
chaos: setup
	CHAOS_ROUNDS=200 $(BIN)/python -m pytest tests/chaos

# The README's pictures, taken in Chromium from `tutor try` and a seeded class.
pictures: setup
	$(BIN)/python -m tests.bench.pictures

# Builds the Dockerfile without a Docker engine, and starts the image. As root on Debian.
image: setup
	PYTHON=$(BIN)/python .ci/image

bench-runner: setup
	$(BIN)/python -m tests.bench.bench_runner

bench-chat: setup
	$(BIN)/python -m tests.bench.bench_chat

# Builds a database of 3 GB in the temporary folder, and removes it.
bench-reports: setup
	$(BIN)/python -m tests.bench.bench_reports

setup: debian .venv/ready

.venv/ready: pyproject.toml constraints.txt
	@command -v $(PYTHON) >/dev/null || { echo "This needs Python 3.11 as '$(PYTHON)'; name another with: make PYTHON=/path/to/python $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[runner,dev]'
	$(BIN)/python -m compileall -q -j 0 .venv/lib/python3*/site-packages || true
	touch $@

# bubblewrap: the outer wall of the sandbox. chromium: the browser tests. Installed when this is root on Debian, else named.
debian:
	@sh .ci/debian-packages

clean:
	rm -rf .venv .tutor .mypy_cache .pytest_cache .ruff_cache *.egg-info
