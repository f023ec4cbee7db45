.DEFAULT_GOAL := help

.PHONY: help
help: ## Say what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

.PHONY: run
run: ## Start the demo: a small press, crawled and searchable on 127.0.0.1:8080
	go run ./cmd/broadsheet demo

.PHONY: cluster
cluster: ## Start PostgreSQL, three OpenSearch nodes and two processes on this machine
	.ci/cluster start

.PHONY: cluster-stop
cluster-stop: ## Stop what cluster started, and delete it
	.ci/cluster stop

.PHONY: build
build: ## Build the static binary ./broadsheet
	CGO_ENABLED=0 go build -trimpath -buildvcs=auto -ldflags '-s -w' -o broadsheet ./cmd/broadsheet

.PHONY: test
test: ## Run all tests
	go test ./...

.PHONY: check
check: ## Run the tests with the race detector, then all lints
	.ci/run

.PHONY: bench
bench: ## Run the benchmarks into bench/new.txt (compare with benchstat)
	mkdir -p bench && go test -run '^$$' -bench . -benchmem ./... | tee bench/new.txt

.PHONY: fuzz
fuzz: ## Fuzz every target with a million inputs each
	.ci/fuzz 1000000x
