# make          the site on http://127.0.0.1:8000 (needs Python 3.11 or newer, nothing else)
# make test     everything that must pass before a change is accepted
# make bench    ratios and budgets, measured; no part of the tests

# Which Python: the first of these that is new enough. Name one yourself with: make PYTHON=/path/to/python
PYTHON =
CANDIDATES = $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python /usr/bin/python3
# Fixed, so that the lock files come out the same for everybody.
UV_VERSION = 0.13.9
# Test processes side by side: one for each processor, and never one alone.
WORKERS := $(shell n=$$(getconf _NPROCESSORS_ONLN 2>/dev/null); [ "$${n:-0}" -gt 2 ] && echo "$$n" || echo 2)

PY = .venv/bin/python
UV = .tools/bin/uv
COMPILE = pip compile -q pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header

# Tests see none of the settings of whoever runs them; the suite that wants PostgreSQL is given it.
TEST_ENV = env -u DATABASE_URL -u ALLOWED_HOSTS -u CSRF_TRUSTED_ORIGINS -u SITE_URL -u CONTACT_EMAIL \
	-u EMAIL_HOST -u EMAIL_PORT -u EMAIL_USE_TLS -u DEFAULT_FROM_EMAIL -u OIDC_ISSUER -u OIDC_NAME -u TRUSTED_PROXIES \
	-u CHECK_BREACHED_PASSWORDS -u EMAIL_HOST_USER -u EMAIL_HOST_PASSWORD -u OIDC_CLIENT_ID -u OIDC_CLIENT_SECRET \
	DEBUG=0 HTTPS=0 SECRET_KEY=only-for-tests
MANAGE = $(TEST_ENV) $(PY) -W error manage.py
PYTEST = $(TEST_ENV) $(PY) -m pytest -q

export UV_PYTHON_DOWNLOADS = never
export PIP_DISABLE_PIP_VERSION_CHECK = 1
export PYTHONUNBUFFERED = 1

.DEFAULT_GOAL = run
.PHONY: run test libraries test-sqlite test-postgres test-browser lint lock-check django-check coverage bench lock clean

# --- the site ---

# The environment wins over .env, and PORT=... on the command line over both.
run: .venv/.run
	@given=$$(export -p); if [ -f .env ]; then set -a; . ./.env; set +a; fi; eval "$$given"; \
	export DEBUG="$${DEBUG:-1}" PORT="$${PORT:-8000}"; \
	$(PY) manage.py migrate --verbosity 0 && $(PY) manage.py load_fixtures || exit 1; \
	printf '\n  Luton 2040 is at http://127.0.0.1:%s  (Ctrl-C stops it; another port: make PORT=8001)\n\n' "$$PORT"; \
	case "$$DEBUG" in 1|true|yes|on) $(PY) manage.py create_demo_people || exit 1;; esac; \
	exec $(PY) manage.py runserver "127.0.0.1:$$PORT"

# --- tests: every step runs, even after a failure; the exit code and the last line tell ---

STEPS = lint lock-check django-check test-sqlite test-postgres test-browser

test: .venv/.dev
	@failed=; for step in $(STEPS); do \
		printf '\n=== %s\n' "$$step"; \
		$(MAKE) --no-print-directory "$$step" || failed="$$failed $$step"; \
	done; \
	if [ -n "$$failed" ]; then printf '\nFAILED:%s\n' "$$failed"; exit 1; fi; \
	printf '\nAll steps passed: $(STEPS)\n'

lint: .venv/.dev
	@.venv/bin/ruff check . && .venv/bin/ruff format --check .

lock-check: .venv/.dev
	@test -x $(UV) || { echo "The lock files cannot be checked without uv $(UV_VERSION): .tools/bin/pip install uv==$(UV_VERSION)"; exit 1; }
	@work=$$(mktemp -d) && trap 'rm -rf "$$work"' EXIT && cp pyproject.toml requirements.lock requirements-dev.lock "$$work" && \
	uv=$$PWD/$(UV) py=$$PWD/$(PY) && cd "$$work" && \
	"$$uv" $(COMPILE) --python "$$py" -o requirements.lock && \
	"$$uv" $(COMPILE) --python "$$py" -c requirements.lock --extra dev -o requirements-dev.lock && cd "$$OLDPWD" && \
	for lock in requirements.lock requirements-dev.lock; do \
		diff -u "$$lock" "$$work/$$lock" || { echo "$$lock does not match pyproject.toml. Run: make lock"; exit 1; }; \
	done && echo "The lock files match pyproject.toml."

django-check: .venv/.dev
	@$(MANAGE) check && $(MANAGE) makemigrations --check --dry-run && \
	$(MANAGE) collectstatic --noinput --clear --verbosity 0 && echo "Every static file that a stylesheet names exists."

libraries: .venv/.dev
	@$(PY) -m tests.pango

test-sqlite: .venv/.dev libraries
	@$(PYTEST) -n $(WORKERS) -m "not browser"

test-postgres: .venv/.dev libraries
	@$(TEST_ENV) $(PY) -m tests.postgres -- $(PY) -m pytest -q -n $(WORKERS) -m "database and not browser"

test-browser: .venv/.dev libraries
	@CHROME_PATH=$$($(PY) -m tests.chromium) && export CHROME_PATH && $(PYTEST) -n $(WORKERS) -m browser

coverage: .venv/.dev libraries
	@$(PYTEST) -n $(WORKERS) -m "not browser" --cov --cov-report=term-missing

bench: .venv/.dev libraries
	@PYTHONPATH=. $(PY) tests/bench/run.py

# --- tools ---

# make lock keeps the versions that still fit; make lock UPGRADE=--upgrade takes the newest.
lock: .tools/.uv-$(UV_VERSION)
	@test -x $(UV) || { echo "The lock files cannot be made without uv $(UV_VERSION): .tools/bin/pip install uv==$(UV_VERSION)"; exit 1; }
	$(UV) $(COMPILE) $(UPGRADE) -o requirements.lock
	$(UV) $(COMPILE) $(UPGRADE) -c requirements.lock --extra dev -o requirements-dev.lock

.tools/.uv-$(UV_VERSION):
	@rm -rf .tools; for python in $(CANDIDATES); do \
		"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; python=; \
	done; \
	if [ -z "$$python" ]; then \
		echo "Python 3.11 or newer was not found. Install it, or name it: make PYTHON=/path/to/python"; exit 1; \
	fi; \
	"$$python" -m venv .tools || { \
		echo "$$python cannot make a virtual environment. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	@.tools/bin/python -m pip install -q uv==$(UV_VERSION) || echo "uv could not be installed: pip is used instead, which is slower."
	@touch $@

# $(call sync,LOCK): .venv holds exactly what LOCK names, every file checked against its hash.
define sync
	@if [ -x $(UV) ]; then \
		test -x $(PY) || $(UV) venv -q --clear --python .tools/bin/python .venv; \
		$(UV) pip sync -q --python $(PY) --require-hashes $(1); \
	else \
		.tools/bin/python -m venv .venv && $(PY) -m pip install -q --require-hashes -r $(1); \
	fi
endef

.venv/.run: requirements.lock .tools/.uv-$(UV_VERSION)
	@rm -f .venv/.dev
	$(call sync,requirements.lock)
	@touch $@

.venv/.dev: requirements-dev.lock .tools/.uv-$(UV_VERSION)
	$(call sync,requirements-dev.lock)
	@touch .venv/.run $@

clean:
	rm -rf .venv .tools staticfiles .pytest_cache .ruff_cache .hypothesis .coverage htmlcov test-results tests/bench/node_modules
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
