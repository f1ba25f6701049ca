# make test does everything that a machine with only Go and make needs.
GO ?= go

# Programs under the race detector wait a second before they end, for what may race still;
# tests wait for what they have begun.
export GORACE ?= atexit_sleep_ms=20

# Where the tree stands is no part of what is built, so that another clone, and the copies in
# which recipes are followed, take from Go's cache what was built and tested here.
export GOFLAGS := $(shell $(GO) env GOFLAGS) -trimpath

# Go asks git what stands here whenever it builds a program; git would note the answer in
# .git, and tests that list the tree would look as if it had changed.
export GIT_OPTIONAL_LOCKS = 0

# Tests may use more memory than what is measured: a tenth of their time went into collecting.
test: export GOGC ?= 200

# What the race detector sees nothing in that it does not see in the tests of others, and
# takes several times as long for: what reads and writes, and what runs other programs.
reading = . ./docs/generate ./examples/... ./internal/... ./mockserver/madeup ./soak ./specs/... ./validator/infer ./vendors
running = ./independent/... ./console/browser ./docs/site ./recipes ./release

.PHONY: test release-test tools lint fuzz soak build image docs bench

test: tools lint
	@if command -v "$$($(GO) env CC)" >/dev/null 2>&1; then race=-race; else race=; echo "no C compiler: without the race detector"; fi; \
	  echo "$(GO) test -vet=off $$race -short, all but $(reading) $(running)"; $(GO) test -vet=off $$race -short $$($(GO) list ./... | grep -vxF "$$($(GO) list $(reading) $(running))")
	@# Secrets in all forms, and replicas that are killed, wait more than they work, beside what works:
	@# long lists and whole tables, of which the race detector sees a part, and then long lists
	@# of bodies, a browser, and copies of the tree that are built and tested.
	$(GO) test -vet=off ./cmd/parley -run 'Secret|TestReplicas$$' & killed=$$!; \
	  $(GO) test -vet=off -p 4 $(reading) ./validator ./conformance/... && \
	  $(GO) test -vet=off -p 3 $(running); status=$$?; wait $$killed && exit $$status
	cd tools && $(GO) vet ./image && $(GO) test -vet=off -count=1 ./image # the container image, of binaries from another module, of which the cache of tests knows nothing
	cd charts/test && $(GO) test -count=1 ./... # a module of its own, with helm's packages, about a chart outside of it
	@./scripts/fuzz 1s

# Archives, packages and an SBOM of one target, and the image, used as users do. The first
# time it builds goreleaser, which takes minutes.
release-test:
	$(GO) test -timeout 30m ./release -whole
	cd tools && $(GO) test ./image

tools:
	@./scripts/tools

# What a reader should never have to remark on. Tests leave go vet to it.
lint:
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); \
	  if [ -n "$$unformatted" ]; then echo "not gofmt-ed, run gofmt -w:"; echo "$$unformatted"; exit 1; fi
	@$(GO) mod tidy -diff || { echo "go.mod is not tidy, run go mod tidy"; exit 1; }
	$(GO) vet ./...
	$(GO) tool -modfile=tools/go.mod staticcheck ./...

# Every reader, for a minute each.
fuzz:
	./scripts/fuzz $(or $(TIME),60s)

# Bad input of every kind at the built binary, for a time, and replicas that are killed, for
# as long again: TIME=1h, and SEED=N for a run that can be repeated.
soak: build
	$(GO) run ./soak -time $(or $(TIME),10m) $(if $(SEED),-seed $(SEED))
	PARLEY_REPLICA_TIME=$(or $(TIME),10m) $(GO) test ./cmd/parley -run 'TestReplicas$$' -count=1 -timeout 0

build:
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags "-s -w" -o bin/parley ./cmd/parley

# The container image for both processors, in bin/image.
image:
	for arch in amd64 arm64; do CGO_ENABLED=0 GOOS=linux GOARCH=$$arch $(GO) build -trimpath -ldflags "-s -w" -o bin/image/parley-$$arch ./cmd/parley || exit; done
	cd tools && $(GO) run ./image -out ../bin/image -licence ../LICENSE -version $(or $(VERSION),latest) -revision $$(git rev-parse HEAD) \
	  -created $$(git log -1 --format=%cI) amd64=../bin/image/parley-amd64 arm64=../bin/image/parley-arm64

# The site of the documentation, in docs/.vitepress/dist.
docs:
	npm ci --prefix docs --loglevel=error --no-audit --no-fund
	npm run build --prefix docs

bench: build
	$(GO) run ./bench
