# What there is to do here. `make` alone lists it.
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed
LOCK := $(BIN)/uv pip compile --quiet --no-config --universal --python-version 3.11 \
  --generate-hashes --custom-compile-command 'make lock'
STATE := $${XDG_STATE_HOME:-$$HOME/.local/state}/payouts
.DEFAULT_GOAL := help
.PHONY: help venv demo up simulator subscriptions reconcile payout keep-erased export verify test \
  test-dynamodb-local check format clean simulate simulate-long exhaustive mutants before \
  idempotency-contract bench-peer bench-reconcile bench-risk fuzz-webhooks fuzz-api floods \
  kill-test race-test contracts-long front-door lock package bench-cold-start audit test-sandbox \
  gameday static properties

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-20s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

venv: $(INSTALLED) ## Create .venv and install what development takes

demo: venv ## Show every kind of payout from end to end, on this machine, in two minutes
	@$(BIN)/python -m local.demo

up: venv ## Start everything and stay: URLs, users, a call that works, the logs (OPTIONS="--port 8000")
	@$(BIN)/python -m local $(OPTIONS)

simulator: venv ## Start the Monoova simulator alone
	@$(BIN)/python -m local.monoova --port 0 --seed 7 --state "$(STATE)/simulator-alone"

subscriptions: venv ## Show what the provider tells us and where (API=https://…); APPLY=1 puts it right
	@$(BIN)/python -m local.subscribe $(if $(API),--api "$(API)") $(if $(APPLY),--apply)

reconcile: venv ## Run the night of a Sydney date (DATE=2026-07-03; API=https://…, else the stack that is up)
	@$(BIN)/python -m local.reconcile --date "$(DATE)" $(if $(API),--api "$(API)")

payout: venv ## Tell the whole story of a payout (ID=…, or a unique reference; API=https://…)
	@$(BIN)/python -m local.payout --id "$(ID)" $(if $(API),--api "$(API)")

keep-erased: venv ## After restoring a backup: erase again whom it brought back (in the service's environment)
	@$(BIN)/python -m local.keep_erased

test: check ## Run every check and every test
	@$(BIN)/python -m pytest -n 2 --ignore=tests/simulation --ignore=tests/nights \
	  --cov --cov-report=term --cov-fail-under=90
	@$(BIN)/python -m coverage report --include='chalicelib/domain/*,chalicelib/usecases/*' \
	  --fail-under=100 --format=total >/dev/null \
	  || { echo "A line or branch of the core, where the rules of money live, was never run:"; \
	       $(BIN)/python -m coverage report --include='chalicelib/domain/*,chalicelib/usecases/*'; exit 1; }
	@# Without coverage, which makes them three times as long. The week of nights is played once, and
	@# each of its tests goes on where the one before left it: one process plays it all.
	@$(BIN)/python -m pytest tests/nights
	@$(BIN)/python -m pytest -n 2 tests/simulation

export: venv ## Write attested nights and their payouts into a folder (OUT=…; OPTIONS="--from … --through …")
	@$(BIN)/python -m local.export --out "$(OUT)" $(OPTIONS)

verify: venv ## Prove such a folder without a network (EXPORT=…; OPTIONS="--fingerprint …"); names what is broken first
	@$(BIN)/python -m local.verify "$(EXPORT)" $(OPTIONS)

test-dynamodb-local: venv ## The store's contracts on Amazon's DynamoDB Local; opt-in, says what it needs
	@$(BIN)/python -m local.dynamodb_local
	@DYNAMODB_LOCAL_LANE=1 $(BIN)/python -m pytest tests/contracts -k dynamodb-local

test-sandbox: venv ## One cent by the provider's real sandbox; opt-in, says what it needs (3: did not run)
	@$(BIN)/python -m tests.sandbox

simulate: venv ## Play weeks of a made-up business (WEEKS=2000 SEED=0); SEED alone tells one as a story
	@$(BIN)/python -m tests.simulation $(if $(WEEKS),--weeks "$(WEEKS)") $(if $(SEED),--seed "$(SEED)")

simulate-long: venv ## Play a million weeks in all processes; stopped, it goes on (OPTIONS="--minutes 55")
	@$(BIN)/python -m tests.simulation.long $(OPTIONS)

exhaustive: venv ## Every fault at every call, every pair of them, every order of a few processes
	@$(BIN)/python -m tests.simulation.exhaustive
	@$(BIN)/python -m tests.simulation.interleavings

mutants: venv ## Break each rule of money once, in a copy; each has to be noticed
	@$(BIN)/python -m tests.mutants $(OPTIONS)

kill-test: venv ## Kill real processes a thousand times; stopped, it goes on (OPTIONS="--total 10000")
	@$(BIN)/python -m tests.kills.long $(OPTIONS)

race-test: venv ## Races of real processes: one key 64,000 times, one webhook 10,000 times …
	@$(BIN)/python -m tests.races.long $(OPTIONS)

front-door: venv ## 10,000 rows allocated by processes that are killed; days with webhooks lost (OPTIONS="--days 9")
	@$(BIN)/python -m tests.front_door.long $(OPTIONS)

gameday: venv ## Days on which something goes wrong: whom the alarms call, by the metrics alone
	@$(BIN)/python -m tests.gameday

contracts-long: venv ## A hundred thousand random sequences on the fake and on the embedded engine
	@$(BIN)/python -m tests.contracts.long $(OPTIONS)

properties: venv ## Hold each property to 3,000 examples drawn by chance, instead of 100 that are always the same
	@$(BIN)/python -m pytest -n 2 -m hypothesis --hypothesis-profile=search

fuzz-webhooks: venv ## A million mutated webhooks; stopped, it goes on (OPTIONS="--first 424 --total 1": tell one)
	@$(BIN)/python -m tests.fuzz.long webhooks $(OPTIONS)

fuzz-api: venv ## A hundred thousand calls of the API as anybody; stopped, it goes on
	@$(BIN)/python -m tests.fuzz.long api $(OPTIONS)

floods: venv ## Floods of 10,000 webhooks with poison; stopped, it goes on (OPTIONS="--total 1")
	@$(BIN)/python -m tests.floods.long $(OPTIONS)

idempotency-contract: venv ## Twelve cases for any payout API, on ours (OPTIONS="--adapter … --url …": on yours)
	@$(BIN)/python -m tests.contracts.idempotency $(OPTIONS)

bench-peer: venv ## Our use cases beside Powertools' idempotency utility, same seeds, same provider
	@$(BIN)/python -m bench.peer_idempotency $(OPTIONS)

bench-reconcile: venv ## A night of 10,000 payouts beside polling them (OPTIONS="--payouts 1000000")
	@$(BIN)/python -m bench.reconcile $(OPTIONS)

bench-risk: venv ## What deciding on a payout costs in CPU (OPTIONS="--times 2000")
	@$(BIN)/python -m bench.risk $(OPTIONS)

bench-cold-start: venv ## What a cold start imports, ours beside others' (OPTIONS="--rounds 40"); takes Python 3.13
	@$(BIN)/python -m bench.cold_start $(OPTIONS)

before: ## Keep the code of REV as the version before, which the simulation runs beside ours
	@git archive --format=zip -9 --output tests/simulation/before.zip "$(REV)" chalicelib

check: venv ## Lint, format and types, without the tests
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet || { echo "Not formatted: run make format"; exit 1; }
	@$(BIN)/mypy

format: venv ## Format the code, and mend what lint can mend
	@$(BIN)/ruff check --quiet --fix
	@$(BIN)/ruff format --quiet

clean: ## Remove the state of the local cloud, its emulator and all caches
	@$(PYTHON) -m local.clean
	@rm -rf .mypy_cache .ruff_cache .hypothesis .coverage .coverage.* htmlcov .chalice/deployments
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

package: venv ## Build what deploys (STAGE=dev or prod) into dist/STAGE, and try it; takes Python 3.13
	@$(BIN)/python -m deployment "$(STAGE)"

audit: venv ## Ask whether anything locked is known to be weak (3: not asked); writes dist/sbom.json
	@$(BIN)/python -m deployment.audit

static: venv ## Look at what deploys: templates by checkov, sources by bandit (3: not looked at)
	@$(BIN)/python -m deployment.static

lock: venv ## Pin every package and file that the requirements ask for (OPTIONS=--upgrade: the newest ones)
	@$(LOCK) requirements.txt --output-file requirements.lock $(OPTIONS)
	@$(LOCK) --constraints requirements.lock requirements-package.txt \
	  --output-file requirements-package.lock $(OPTIONS)
	@$(LOCK) --constraints requirements-package.lock requirements-dev.txt \
	  --output-file requirements-dev.lock $(OPTIONS)
	@$(LOCK) --constraints requirements-dev.lock bench/requirements.txt \
	  --output-file bench/requirements.lock $(OPTIONS)
	@$(LOCK) deployment/requirements-audit.txt \
	  --output-file deployment/requirements-audit.lock $(OPTIONS)
	@$(LOCK) deployment/requirements-static.txt \
	  --output-file deployment/requirements-static.lock $(OPTIONS)

$(INSTALLED): requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; make PYTHON=/path/to/python3 chooses one."; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null \
	  || { echo "Python's venv is missing. On Debian: apt-get install python3-venv"; exit 1; }
	@echo "Installing into .venv (once; a minute or two)"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes \
	  -r requirements-dev.lock
	@touch $@
