# What can be done with this repository. `make` alone lists it.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

GO ?= go
# Tools are pinned in tools/go.mod, apart from what the exporter itself needs.
TOOL := $(GO) tool -modfile=$(CURDIR)/tools/go.mod
# Modules of their own (tests that need heavy libraries) are tested and linted with the rest; tools/ holds no code.
NESTED := $(patsubst %/go.mod,%,$(shell find . -mindepth 2 -name go.mod -not -path './tools/*' -not -path '*/testdata/*' -not -path '*/node_modules/*' -not -path './bin/*' | sort))
# Of those, the ones that run only other people's code, for which the race detector is a waste: it takes ten times as long.
WITHOUT_RACE := ./dashboards/promtest
SHELL_SCRIPTS := .ci/run $(wildcard scripts/*.sh)

FUZZTIME ?= 10m
CHAOS_KILLS ?= 50
CHAOS_SEQUENCES ?= 10000
BENCH ?= .
BENCHCOUNT ?= 1
BENCH_PACKAGES ?= ./extract ./redact ./tailer ./metrics ./cmd/errcode_exporter
# Of the whole program: size of each log in MB, counted rounds (fewer of what takes seconds for 100 MB), how long a live process is
# looked at, samples of the latency, parts (catchup, follow, latency, idle, nodes or names of cases; empty: all), folder for the logs.
BENCH_MB ?= 100
BENCH_RUNS ?= 3
BENCH_SLOW_RUNS ?= 1
BENCH_SECONDS ?= 10s
BENCH_SAMPLES ?= 200
BENCH_ONLY ?=
BENCH_DATA ?= $(or $(TMPDIR),/tmp)
BENCH_FLAGS ?=
BENCH_DIR := bin/bench

# The build date is the commit's, so that building the same commit twice gives the same bytes.
VERSION ?= $(or $(patsubst v%,%,$(shell git describe --tags --match 'v[0-9]*' --dirty 2>/dev/null)),dev)
REVISION ?= $(or $(shell git rev-parse HEAD 2>/dev/null),unknown)
BRANCH ?= $(or $(shell git symbolic-ref --short HEAD 2>/dev/null),unknown)
BUILD_DATE ?= $(or $(shell TZ=UTC git log -1 --date=format-local:%Y-%m-%dT%H:%M:%SZ --format=%cd 2>/dev/null),unknown)
STAMP := github.com/prometheus/common/version
LDFLAGS = -s -w -X $(STAMP).Version=$(VERSION) -X $(STAMP).Revision=$(REVISION) -X $(STAMP).Branch=$(BRANCH) -X $(STAMP).BuildDate=$(BUILD_DATE)

.PHONY: help build install-test-deps test test-fast chaos chaos-disk chaos-kill chaos-model lint fmt bench bench-docs bench-flame bench-compare fuzz generate check-generated demo screenshots cover clean

help: ## list every target
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / { printf "  %-18s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

build: ## build bin/errcode_exporter, with its version stamped in
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/errcode_exporter ./cmd/errcode_exporter

install-test-deps: ## install what the tests run against: Prometheus, Alertmanager, logrotate … from Debian's packages (root or sudo)
	@scripts/install-test-deps.sh

test: install-test-deps ## install what the tests need, then run them all with the race detector
	@for module in $(filter-out $(WITHOUT_RACE),$(NESTED)); do (set -x; cd "$$module"; $(GO) test -race -timeout 20m ./...); done
	@for module in $(WITHOUT_RACE); do (set -x; cd "$$module"; $(GO) test -timeout 20m ./...); done
	$(GO) test -race -timeout 20m ./...

test-fast: ## run the tests that need nothing installed, without the race detector
	$(GO) test -short ./...

lint: ## check style, import arrows, format and shell scripts
	@for module in . $(NESTED); do (set -x; cd "$$module"; $(GO) vet ./...; $(TOOL) golangci-lint run ./...); done
	@echo '+ gofumpt -l .'; files="$$($(TOOL) gofumpt -l .)"; \
	if [ -n "$$files" ]; then printf 'not formatted:\n%s\nrun: make fmt\n' "$$files" >&2; exit 1; fi
	@if command -v shellcheck >/dev/null; then (set -x; shellcheck $(SHELL_SCRIPTS)); else echo 'shellcheck is not installed: shell scripts are not checked'; fi

chaos: install-test-deps ## kill, rotate and starve the exporter for as long as it takes to believe it, as root (CHAOS_KILLS=50 CHAOS_SEQUENCES=10000)
	$(MAKE) chaos-disk
	$(MAKE) -j 2 --output-sync=target chaos-kill chaos-model

chaos-disk: ## the part of chaos that is about disks, memory and what is left over
	CHAOS=1 $(GO) test -race -count 1 -timeout 30m -run 'TestE2ECheckpointDisk|TestE2EMemory|TestStartStopLeavesNothing' -v ./cmd/errcode_exporter ./tailer

chaos-kill: ## the part of chaos with real processes
	CHAOS=1 CHAOS_KILLS=$(CHAOS_KILLS) $(GO) test -race -count 1 -timeout 30m -parallel 4 -v ./internal/chaos

chaos-model: ## the part of chaos that draws what happens
	CHAOS=1 CHAOS_SEQUENCES=$(CHAOS_SEQUENCES) $(GO) test -count 1 -timeout 30m -parallel 60 -run TestModel ./tailer

fmt: ## format the Go code
	$(TOOL) gofumpt -w .

bench: build ## measure: go test -bench, then the whole program beside wc, grep and peers, counts checked (BENCH_MB=500 BENCH_RUNS=5 BENCH=regexp)
	@mkdir -p $(BENCH_DIR)
	$(GO) test -run '^$$' -bench '$(BENCH)' -benchmem -count $(BENCHCOUNT) $(BENCH_PACKAGES) | tee $(BENCH_DIR)/go.txt
	CGO_ENABLED=0 $(GO) build -trimpath -o $(BENCH_DIR)/ ./bench ./bench/naive ./bench/nxadm
	$(BENCH_DIR)/bench -exporter bin/errcode_exporter -programs $(BENCH_DIR) -go-bench $(BENCH_DIR)/go.txt -results $(BENCH_DIR)/results.json -data '$(BENCH_DATA)' \
		-mb $(BENCH_MB) -runs $(BENCH_RUNS) -slow-runs $(BENCH_SLOW_RUNS) -seconds $(BENCH_SECONDS) -samples $(BENCH_SAMPLES) -only '$(BENCH_ONLY)' $(BENCH_FLAGS)

bench-docs: ## measure in full, for most of an hour, and rewrite the figures and pictures of docs/performance.md
	$(MAKE) bench BENCH='DurableScrape' BENCHCOUNT=3 BENCH_MB=500 BENCH_RUNS=5 BENCH_SLOW_RUNS=3 BENCH_SECONDS=30s BENCH_SAMPLES=400 BENCH_FLAGS='-docs docs'
	$(MAKE) bench-flame

bench-flame: ## draw docs/performance-flame.svg: where serve spends its time while it catches up with a mixed log
	@mkdir -p $(BENCH_DIR)
	$(GO) test -run '^$$' -bench 'CatchUp/mixed-1$$' -benchtime 200x -cpuprofile $(BENCH_DIR)/cpu.pprof -o $(BENCH_DIR)/cmd.test ./cmd/errcode_exporter
	$(GO) tool pprof -traces -show_from 'tailer.\(\*(Tailer|file)\)' $(BENCH_DIR)/cpu.pprof | $(GO) run ./bench/flame -title 'serve catching up with a mixed log, 1 % of lines name a code' > docs/performance-flame.svg

bench-compare: ## compare go test -bench of this tree with that of a revision: OLD=main (BENCH=regexp BENCHCOUNT=6)
	@GO='$(GO)' BENCH='$(BENCH)' BENCH_PACKAGES='$(BENCH_PACKAGES)' scripts/bench-compare.sh '$(OLD)' '$(if $(filter-out 1,$(BENCHCOUNT)),$(BENCHCOUNT),6)'

fuzz: ## run each fuzz target of ./extract and ./redact in turn (FUZZTIME=10m each)
	@for room in ./extract ./redact; do \
		targets="$$($(GO) test $$room -list '^Fuzz' | grep '^Fuzz' || true)"; \
		if [ -z "$$targets" ]; then echo "fuzz: $$room has no fuzz targets" >&2; exit 1; fi; \
		for target in $$targets; do (set -x; $(GO) test $$room -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME)); done; \
	done

generate: ## write every generated file anew
	$(GO) generate ./...

check-generated: ## fail when a generated file differs from what generate writes
	@scripts/check-generated.sh

demo: ## run the exporter over a sample application log
	$(GO) run ./cmd/errcode_exporter demo

screenshots: build ## render the dashboards in a browser, with data of the demo, into docs/images (needs prometheus, chromium and npm)
	cd dashboards/render && npm ci --ignore-scripts --legacy-peer-deps --no-audit --no-fund && npm run build && node screenshots.mjs $(CURDIR)/bin/errcode_exporter $(CURDIR)/docs/images

cover: ## measure test coverage: coverage.out, coverage.html and the total
	$(GO) test -coverpkg=./... -coverprofile=coverage.out ./...
	$(GO) tool cover -html=coverage.out -o coverage.html
	$(GO) tool cover -func=coverage.out | tail -n 1

clean: ## remove what the other targets leave behind
	rm -rf bin coverage.out coverage.html
