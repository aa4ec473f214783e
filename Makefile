# Two commands do everything, set-up included: make demo, and make test.
#
#   make demo ARGS="--script first-call --out out/demo"
#   make test ARGS="-k enrolment"
#   make bench ARGS="--only first-call --out out/bench.json"

PYTHON := .venv/bin/python
ARGS :=

.PHONY: help setup demo test lint bench pictures clean

help:
	@sed -n 's/^# \{0,1\}//p' Makefile | head -5; printf '\ntargets: setup demo test lint bench pictures clean\n'

setup:
	@installers/setup.sh

demo: setup
	@$(PYTHON) -m tests.demo $(ARGS)

lint: setup
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy client server provisioning tests bench
	@.venv/bin/lint-imports

# Two at a time, a file on one worker: the machine has two cores, and a file's tests share what they started.
# What fails among others is run once more, alone: the virtual sound cards of two tests at a time are slower than real ones.
# Both outcomes are printed, and a test that fails alone fails the run.
test: setup lint
	@$(PYTHON) -m pytest -n 2 --dist loadfile $(ARGS) || { \
		echo "=== again, one at a time: what failed above ==="; \
		$(PYTHON) -m pytest --last-failed --last-failed-no-failures none $(ARGS); }

bench:
	@installers/setup.sh bench
	@$(PYTHON) -m bench $(ARGS)

pictures: setup
	@$(PYTHON) -m client.ui.gallery --out docs/pictures $(ARGS)

clean:
	rm -rf .venv out .mypy_cache .ruff_cache .pytest_cache .hypothesis
