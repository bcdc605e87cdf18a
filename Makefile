# Two commands matter: `make demo` and `make test`. Each works on a fresh clone.

PORT ?= 8000
VENV := .venv
PY := $(VENV)/bin/python
UV := $(VENV)/bin/uv
PYTEST := $(VENV)/bin/pytest
DEMO_READY := $(VENV)/.installed
DEV_READY := $(VENV)/.installed-dev
BENCH_READY := $(VENV)/.installed-bench
# A walk of 1,000 lasts longer than the time after which a test that hangs would be stopped.
DRILL := tests/properties --hypothesis-profile=drill -o faulthandler_timeout=0
# The tests write keys, papers and databases all the time. Where 2 GB of memory are free for files, none waits for a disk.
MEMORY := $(shell [ -w /dev/shm ] && [ "$$(df -Pk /dev/shm | awk 'NR == 2 { print $$4 }')" -ge 2097152 ] && echo /dev/shm)
QUICKLY := TMPDIR=$(or $(MEMORY),$(TMPDIR),/tmp)
# Two processes take the tests in their order, so the longest come first.
ON_POSTGRESQL := $(PY) -m tests.postgres --
COMPILE := $(UV) pip compile pyproject.toml --universal --fork-strategy fewest --generate-hashes --quiet \
	--custom-compile-command "make requirements"

.DEFAULT_GOAL := help
.PHONY: help demo install test check test-sqlite test-postgresql test-browser bench drill coverage format requirements clean

help: ## says what can be made
	@sed -n 's/^\([a-z-]*\):.*## /  make \1 - /p' Makefile

demo: install ## serves the demo on this machine; make demo PORT=8001 for another port
	$(PY) manage.py build_front_end
	$(PY) manage.py demo --port $(PORT)

install: $(DEMO_READY) ## makes .venv with exactly the pinned requirements

# The first Python that is new enough, since a name like python3.12 may be there and still not run.
$(PY):
	@for python in python3 python3.14 python3.13 python3.12 python3.11; do \
		if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			$$python -m venv $(VENV) && exit 0; \
			rm -rf $(VENV); \
			echo "Python could not make a virtual environment. On Debian or Ubuntu, as root: apt-get install python3-venv"; \
			exit 1; \
		fi; \
	done; \
	echo "This needs Python 3.11 or newer, and none is on the PATH. On Debian or Ubuntu, as root: apt-get install python3 python3-venv"; \
	exit 1

# uv comes first and installs the rest: its own pin and hashes are taken from requirements-dev.txt.
$(UV): | $(PY)
	@sed -n '/^uv==/,/[^\\]$$/p' requirements-dev.txt > $(VENV)/uv.txt
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/uv.txt

$(DEMO_READY): requirements.txt | $(UV)
	$(UV) pip install --quiet --python $(PY) --require-hashes -r requirements.txt
	@touch $@

$(DEV_READY): requirements-dev.txt $(DEMO_READY)
	$(UV) pip install --quiet --python $(PY) --require-hashes -r requirements-dev.txt
	@touch $@

$(BENCH_READY): requirements-bench.txt $(DEV_READY)
	$(UV) pip install --quiet --python $(PY) --require-hashes -r requirements-bench.txt
	@touch $@

test: $(DEV_READY) ## lint, types, walls, and every test on SQLite, on PostgreSQL and in the browser
	$(PY) -m tests.system_packages
	$(PY) manage.py build_front_end
	$(MAKE) --no-print-directory check
	$(MAKE) --no-print-directory test-sqlite
	$(MAKE) --no-print-directory test-postgresql
	$(MAKE) --no-print-directory test-browser

# Runs them all and reports all, then fails if any failed. The settings make folders, so they get a place that goes away.
# mypy takes as long as all the others, so it works beside them.
check: $(DEV_READY) ## lint, format, types, import contracts, migrations, deployment settings
	@export TMPDIR=$$(mktemp -d); trap 'rm -rf "$$TMPDIR"' EXIT; failed=; \
	run() { what=$$1; shift; echo "== $$what"; "$$@" || failed="$$failed, $$what"; }; \
	$(VENV)/bin/mypy > "$$TMPDIR/mypy.txt" 2>&1 & mypy=$$!; \
	run "ruff check" $(VENV)/bin/ruff check --output-format concise .; \
	run "ruff format" $(VENV)/bin/ruff format --check --output-format concise .; \
	run "import contracts" $(VENV)/bin/lint-imports; \
	run "the house and its stored names" $(PYTEST) -q tests/architecture tests/flows/test_stored_names.py; \
	run "migrations" env DJANGO_SETTINGS_MODULE=dhr.settings.test $(PY) manage.py makemigrations --check --dry-run; \
	run "deployment settings" env DJANGO_SETTINGS_MODULE=dhr.settings.production DHR_URL=https://reviews.example \
		DHR_VAR="$$TMPDIR" DHR_SECRET_KEY=$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(50))') \
		$(PY) manage.py check --deploy --fail-level WARNING; \
	run "mypy" wait $$mypy; cat "$$TMPDIR/mypy.txt"; \
	[ -z "$$failed" ] || { echo "make check: not clean: $${failed#, }"; exit 1; }

test-sqlite: $(DEV_READY) ## every test but the browser's and those that `make check` runs, on SQLite
	$(QUICKLY) $(PYTEST) tests --ignore=tests/browser --ignore=tests/performance --ignore=tests/architecture -n 2 --dist loadgroup

test-postgresql: $(DEV_READY) ## everything that touches the database, on a PostgreSQL of its own
	$(QUICKLY) $(ON_POSTGRESQL) $(PYTEST) tests/properties tests/domain tests/flows tests/web tests/faults -n 2 --dist loadgroup

test-browser: $(DEV_READY) ## the browser tests, on Chromium
	$(QUICKLY) $(PYTEST) tests/browser/test_every_page.py tests/browser -n 2 --dist loadgroup

bench: $(BENCH_READY) ## prints how fast it is, as ratios, on both databases
	$(ON_POSTGRESQL) $(PY) -m tests.performance.bench
	DJANGO_SETTINGS_MODULE=tests.performance.settings $(PY) -m tests.performance.sealing
	$(PY) -m tests.performance.served

drill: $(DEV_READY) ## the long search for a counter-example: 1,000 walks of 50 steps, on both databases
	$(QUICKLY) $(PYTEST) $(DRILL)
	$(QUICKLY) $(ON_POSTGRESQL) $(PYTEST) $(DRILL)

coverage: $(DEV_READY) ## which lines, branches and templates no test on SQLite has walked
	$(VENV)/bin/coverage erase
	$(VENV)/bin/coverage run -m pytest tests --ignore=tests/browser --ignore=tests/performance
	$(VENV)/bin/coverage combine --quiet
	$(VENV)/bin/coverage report

format: $(DEV_READY) ## lets ruff tidy what it can
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

requirements: $(UV) ## pins the requirements anew from pyproject.toml; UPGRADE=--upgrade takes the newest
	$(COMPILE) $(UPGRADE) -o requirements.txt
	$(COMPILE) $(UPGRADE) --extra pkcs11 -c requirements.txt -o requirements-pkcs11.txt
	$(COMPILE) $(UPGRADE) --group dev -c requirements-pkcs11.txt -o requirements-dev.txt
	$(COMPILE) $(UPGRADE) --group bench -c requirements-dev.txt -o requirements-bench.txt

clean: ## removes what was built or installed; never the data under var/
	rm -rf $(VENV) assets/dist assets/node_modules test-results .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
