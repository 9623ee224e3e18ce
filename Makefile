# The few commands a person needs. `make` alone lists them.

PORT ?= 8000
MINUTES ?= 10
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet install

# A virtual environment whose Python is gone or too old is no environment: forget what was installed into it.
ifneq ($(wildcard $(VENV)),)
ifneq ($(shell $(PY) -c 'import sys; print(sys.version_info >= (3, 11))' 2>/dev/null),True)
$(shell rm -f $(VENV)/*.stamp)
endif
endif

# The argument of --roster survives spaces and quotes in the file's name.
ROSTER_OPTION = $(if $(ROSTER),--roster '$(subst ','\'',$(ROSTER))')

.DEFAULT_GOAL := help
.PHONY: help run run-cluster demo-reset serve test chaos check format bench clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'

run: $(VENV)/runtime.stamp ## the console with a living demo clinic (PORT=8000, ROSTER=folder or file of your own)
	@exec $(PY) -m server demo --port $(PORT) $(ROSTER_OPTION)

run-cluster: $(VENV)/cluster.stamp ## the same demo on PostgreSQL, Redis and two workers, all of its own (PORT=8000)
	@exec $(PY) -m server cluster --port $(PORT) $(ROSTER_OPTION)

demo-reset: $(VENV)/runtime.stamp ## delete the demo's data; the next `make run` starts anew
	@exec $(PY) -m server demo --reset

serve: $(VENV)/runtime.stamp ## the console as a clinic runs it, configured by its environment (PORT=8000)
	@exec $(PY) -m server serve --port $(PORT)

test: $(VENV)/dev.stamp ## every test, browser included (ARGS="-k words" narrows it)
	@$(PY) -m tests.browser
	@exec $(PY) -m $(if $(ARGS),pytest $(ARGS),tests.whole)

chaos: $(VENV)/dev.stamp ## two workers, PostgreSQL and Redis, broken at random under load (MINUTES=10 SEED=)
	@exec $(PY) -m tests.faults.chaos --minutes $(MINUTES) $(if $(SEED),--seed $(SEED))

# Those rules of the house that are looked at without running anything.
HOUSE_RULES := sizes names docs templates clock close_codes coverage

check: $(VENV)/dev.stamp ## format, lint, types, imports, the rules of the house
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(PY) -m mypy tests bench
	@$(PY) -c 'from importlinter.cli import lint_imports_command as lint; lint(["--no-logo"])'
	$(PY) -m pytest -q $(HOUSE_RULES:%=tests/house/test_%.py)

format: $(VENV)/dev.stamp ## put the code into the house style and repair what ruff can
	$(PY) -m ruff check --fix-only .
	$(PY) -m ruff format .

bench: $(VENV)/bench.stamp ## measure, beside Channels, Socket.IO and others (ARGS="--quick", "--write")
	@exec $(PY) -m bench $(ARGS)

clean: ## remove the environment and the caches; data stays
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps carry the time of the last successful installation, so a second start does not wait for pip.
$(VENV)/runtime.stamp: pyproject.toml
	@$(call install,.,what the console needs)
	@umask 022; touch $@

$(VENV)/cluster.stamp: pyproject.toml
	@$(call install,.[cluster-trial],what a cluster to try needs)
	@umask 022; touch $(VENV)/runtime.stamp $@

$(VENV)/dev.stamp: pyproject.toml
	@$(call install,.[dev],what the tests need)
	@umask 022; touch $(VENV)/runtime.stamp $(VENV)/cluster.stamp $@

$(VENV)/bench.stamp: pyproject.toml
	@$(call install,.[bench],what the bench compares with)
	@umask 022; touch $(VENV)/runtime.stamp $(VENV)/cluster.stamp $(VENV)/dev.stamp $@

# umask: whoever may read the checkout may run it. The first Python that is new enough wins.
define install
umask 022; \
if ! $(PY) -m pip --version >/dev/null 2>&1; then \
  for python in python3 python3.14 python3.13 python3.12 python3.11 none; do \
    "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && break; \
  done; \
  if [ "$$python" = none ]; then \
    echo "The console needs Python 3.11 or newer, and none was found on the PATH. Please install it and run make again." >&2; exit 1; \
  fi; \
  "$$python" -m venv --clear $(VENV) || { \
    echo "$$python could not make a virtual environment; on Debian and Ubuntu it needs the package python3-venv." >&2; exit 1; }; \
fi; \
echo "Installing $(2) (once, and again when pyproject.toml changes) ..."; \
$(PIP) -e '$(1)' || { echo "pip could not install $(2); its own words are above." >&2; exit 1; }
endef
