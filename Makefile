# Everything a newcomer, a developer and CI need; `make help` lists it.
SHELL := /bin/bash
SWIFT ?= swift
DEMO := demo
PREFIX ?= /usr/local
INSTALLED := bin/lockdep-check lib/lockgraph/liblockgraph_recorder.so lib/lockgraph/liblockgraph_audit.so \
	share/man/man1/lockdep-check.1 \
	share/bash-completion/completions/lockdep-check share/zsh/site-functions/_lockdep-check \
	share/fish/vendor_completions.d/lockdep-check.fish share/lockgraph/gdb-lockgraph.py
SOURCES := Package.swift Sources Tests Plugins packaging scripts/check-floors.swift \
	$(addprefix samples/bank-tests/,Package.swift Sources Tests) \
	$(addprefix Benchmarks/LockCost/,Package.swift Sources)

.PHONY: help setup demo test test-all smoke build install dist test-dist uninstall lint format docs bench bench-locks bench-locks-off stress fuzz clean

help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

setup: ## Install what is missing (Debian and Ubuntu packages through apt)
	@scripts/setup

demo: setup ## Build, analyze the samples and leave pictures
	@scripts/demo $(DEMO)

test: ## Run the tests, with a share of the random cases (what runs at each change)
	@scripts/setup tests
	@scripts/test

test-all: export LOCKGRAPH_TESTS := all
test-all: ## Run everything: all random cases, fuzzing, the suites of other packages (two hours)
	@scripts/setup all-tests
	@scripts/other-systems
	@scripts/test
	@scripts/stress
	@scripts/fuzz 600
	@Benchmarks/confirm/run
	@scripts/adopted-suites
	@scripts/dist
	@scripts/test-dist

smoke: setup ## The library's tests alone, for before a commit
	@scripts/build --build-tests
	$(SWIFT) test --skip-build --filter 'LockGraph(Engine)?Tests'

build: setup ## The optimised command
	@scripts/build -c release --product lockdep-check

install: build ## Install the command, the recorder, the manual page and completions below PREFIX
	@scripts/install "$(DESTDIR)$(PREFIX)" .build/release/lockdep-check

dist: ## What is released, in dist/: a tarball and a Debian package that need neither Swift nor Graphviz
	@scripts/setup dist
	@scripts/dist

test-dist: ## Try what is in dist/ in a fresh Debian without network (as root)
	@scripts/setup dist
	@scripts/test-dist

uninstall: ## Take them away again
	@rm -f $(addprefix "$(DESTDIR)$(PREFIX)"/,$(INSTALLED))

lint: setup ## Check the formatting, the comments, what is for other systems, and that no folder uses one above it
	$(SWIFT) format lint --strict --recursive --parallel $(SOURCES)
	@scripts/comments
	@scripts/mutate --check
	@$(SWIFT) scripts/check-floors.swift
	@scripts/other-systems

format: ## Format all sources
	$(SWIFT) format --in-place --recursive --parallel $(SOURCES)
	@scripts/comments --mend

docs: ## The documentation of the library as web pages, in .build/documentation
	@scripts/documentation

bench: setup ## Measure speed and memory against baselines of the same run; BASE=REV: and against a commit
	@Benchmarks/run $(if $(BASE),--base $(BASE))

bench-locks: ## Measure what validation adds to a lock
	$(SWIFT) run -c release --package-path Benchmarks/LockCost

bench-locks-off: ## The same where validation is compiled out
	LOCKGRAPH_BENCH_OFF=1 $(SWIFT) run -c release --package-path Benchmarks/LockCost \
	  --scratch-path Benchmarks/LockCost/.build/off LockCost --brief

stress: ## Run locks under the thread sanitizer
	@scripts/stress

fuzz: ## Feed mutated traces to the readers for a minute
	@scripts/fuzz

clean: ## Remove build products and the demo's output
	rm -rf .build Benchmarks/LockCost/.build dist $(DEMO)
