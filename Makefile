# Two commands do all the set-up: `make run` and `make test`. The rest is for developers.
.PHONY: run test check bench screenshots
PY := .venv/bin/python

run: .venv/ready
	.venv/bin/smallsteps serve --demo

test: .venv/ready .venv/browsers
	$(PY) -m pytest

check: .venv/ready
	.venv/bin/ruff format --check . && .venv/bin/ruff check . && .venv/bin/mypy && $(PY) -m compileall -q app views storage

bench: .venv/ready .venv/browsers
	$(PY) -m tests.bench

screenshots: .venv/ready .venv/browsers
	$(PY) -m tests.shots

.venv/ready: requirements.txt pyproject.toml
	python3 -m venv .venv || (apt-get update && apt-get install -y python3-venv && python3 -m venv .venv)
	.venv/bin/pip install --quiet --disable-pip-version-check -r requirements.txt
	.venv/bin/pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

# What the tests look through: two browser engines, and readers of PDF.
APT := chromium poppler-utils xvfb xauth python3-gi gir1.2-webkit2-4.1 webkit2gtk-driver
.venv/browsers: .venv/ready Makefile
	dpkg-query -W $(APT) >/dev/null 2>&1 || (apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y $(APT))
	touch $@
