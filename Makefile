# Two commands do all the set-up: `make run` and `make test`. The rest is for developers.
.PHONY: run test check bench torture screenshots wheel strings
PY := .venv/bin/python

run: .venv/ready
	.venv/bin/smallsteps serve --demo

# Lane by lane (tests/lanes.py): a browser waits for one core, a command for its process, so these two go side by side.
test: .venv/ready .venv/browsers
	$(PY) -m app.cli.main build-web
	$(PY) -m tests.lanes core command+journeys

check: .venv/ready
	.venv/bin/ruff format --check . && .venv/bin/ruff check . && .venv/bin/mypy && $(PY) -m compileall -q app views storage
	.venv/bin/bandit -q -c pyproject.toml -r app views storage
	$(PY) -m tests.known_faults

bench: .venv/ready .venv/browsers
	$(PY) -m tests.bench

# What is too long for every change; then so many seconds of killing. A SEED that was printed once tries the same again.
SECONDS ?= 60
torture: .venv/ready .venv/browsers
	$(PY) -m tests.lanes long
	$(PY) -m tests.torture $(SECONDS) $(SEED)

# After a sentence has changed: the template for translators, and the catalogues.
strings: .venv/ready
	$(PY) -m tests.strings

screenshots: .venv/ready .venv/browsers
	$(PY) -m tests.shots

# For a school's computer: everything in one file, the built app too. It builds nothing there and fetches no part of the app.
wheel: .venv/ready
	.venv/bin/smallsteps build-web
	.venv/bin/pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir dist .

.venv/ready: requirements.txt requirements-test.txt pyproject.toml setup.py
	python3 -m venv .venv || (apt-get update && apt-get install -y python3-venv && python3 -m venv .venv)
	.venv/bin/pip install --quiet --disable-pip-version-check -r requirements.txt -r requirements-test.txt
	.venv/bin/pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

# What the tests look through and talk to: two browser engines, readers of PDF, a WebDAV server, a proxy.
APT := apache2-bin caddy chromium poppler-utils xvfb xauth python3-gi gir1.2-webkit2-4.1 webkit2gtk-driver
.venv/browsers: .venv/ready Makefile
	dpkg-query -W $(APT) >/dev/null 2>&1 || (apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y $(APT))
	touch $@
