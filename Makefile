PYTHON ?= python3.11
PORT ?= 8600
FRESH ?= 0
PLATFORM ?= slack

.PHONY: practice install test wander lint bench upkeep load faults licences cards

.venv/.run: requirements/reports.txt pyproject.toml
	@echo "First time here: making a place for the program in .venv and fetching what it needs. About a minute."
	@echo "1 of 3: an empty Python environment ..."
	@$(PYTHON) -m venv .venv
	@echo "2 of 3: the packages it uses, each checked against its known fingerprint ..."
	@.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/reports.txt
	@echo "3 of 3: the program itself ..."
	@.venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: requirements/dev.txt pyproject.toml
	$(PYTHON) -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	.venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@ .venv/.run

install: .venv/.run ## the command unitbot, in .venv/bin

.venv/.teams: .venv/.run requirements/teams.txt
	@.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/teams.txt
	@touch $@

practice: .venv/.run $(if $(filter teams,$(PLATFORM)),.venv/.teams) ## the practice workspace with the fictional Kestrel Unit; PLATFORM=teams for a practice tenant
	@.venv/bin/unitbot practice --port $(PORT) --platform $(PLATFORM) $(if $(filter 1,$(FRESH)),--fresh)

lint: .venv/.dev
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

test: lint ## lint, types, floors, tests
	.venv/bin/pytest -n 2 --dist loadfile --no-loadscope-reorder

wander: .venv/.dev ## the tests of rules with made-up cases, with other cases each time
	HYPOTHESIS_PROFILE=wandering .venv/bin/pytest -m hypothesis

faults: .venv/.dev ## every fault at full length, on both databases, with figures
	FAULTS=whole .venv/bin/pytest tests/faults

bench: .venv/.dev
	.venv/bin/python -m bench

cards: .venv/.dev ## every form and card for Teams, drawn by Microsoft's own renderer beside the practice page's (needs npm)
	@mkdir -p .venv/microsoft
	@cd .venv/microsoft && npm pack --silent adaptivecards@3.0.6 > /dev/null
	@cd .venv/microsoft && echo "44d0560c8c6a3a660af8dda32de5d1c428ffb414ff050ee61e9377d19785bbfb  adaptivecards-3.0.6.tgz" | sha256sum --check --quiet
	@cd .venv/microsoft && tar xzf adaptivecards-3.0.6.tgz
	@.venv/bin/python -m tests.bot.teams.microsoft .venv/microsoft/package/dist/adaptivecards.min.js

licences: .venv/.run ## every package the bot uses, with its version and licence
	@.venv/bin/python -m bench.licences

upkeep: .venv/.dev ## the audit with several writers and a million lines, unitbot verify over a council's five years, erasing; UPKEEP="writers" for a part
	.venv/bin/python -m bench.upkeep $(UPKEEP)

load: .venv/.dev ## 5, 20, 50 and 100 meetings at once inside Slack's tiers; LOAD="20 --seconds 60 --senders 0 2" for less
	.venv/bin/python -m bench.load $(LOAD)
