# `make try`: the bot, an emulated messenger and the runner on this machine. `make test`: every test.
PYTHON ?= python3.11
PORT ?= 8080
BIN := .venv/bin
# Some environments switch bytecode off; importing TensorFlow without it takes three times as long.
export PYTHONDONTWRITEBYTECODE =

.PHONY: try test check setup debian bench-runner clean

try: setup
	$(BIN)/tutor try --port $(PORT)

test: setup
	$(BIN)/python -m pytest

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/tutor check

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
