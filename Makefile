# make run   sets everything up, builds the app into the binary, serves it
# make test  sets everything up, checks and tests everything
# Go, Node and make are needed; the browser and the proxies for the tests come by
# apt where there are none.

SHELL := /bin/bash -o pipefail
ARGS ?=

app := frontend/dist/index.html
app_sources := $(shell find frontend/app frontend/client frontend/build frontend/examples -type f -not -path '*/client/dist/*') frontend/vite.config.ts frontend/vite.examples.config.ts frontend/tsconfig.json
results := bin/results
chromium := $(or $(shell command -v chromium),/usr/bin/chromium)
nginx := $(or $(shell PATH=$$PATH:/usr/sbin command -v nginx),/usr/sbin/nginx)
caddy := $(or $(shell command -v caddy),/usr/bin/caddy)
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD := 1

.PHONY: run build test check test-go test-frontend test-e2e test-browser oracle fuzz bench bench-browser bench-rest bench-peers growth profile screenshot clean

run: build
	./bin/tutti $(ARGS)

build: $(app)
	go build -o bin/tutti .

%/node_modules/.package-lock.json: %/package-lock.json
	cd $* && npm ci --no-audit --no-fund
	touch $@

$(app): frontend/node_modules/.package-lock.json $(app_sources)
	cd frontend && npm run build
	touch $@

# Each kind of test leaves its results in $(results), where the count at the
# end finds them.
test: clean-results check test-frontend test-go test-e2e test-sim test-browser
	@node .ci/count.mjs $(results)

.PHONY: clean-results
clean-results:
	@rm -rf $(results) && mkdir -p $(results)

check: $(app) e2e/node_modules/.package-lock.json
	@unformatted=$$(gofmt -l $$(git ls-files -co --exclude-standard '*.go')); \
	if [ -n "$$unformatted" ]; then echo "not formatted: $$unformatted"; exit 1; fi
	go vet ./...
	go tool staticcheck ./...
	cd frontend && npm run lint && npm run check && npm run weight
	cd e2e && npm run check

test-frontend: frontend/node_modules/.package-lock.json
	@mkdir -p $(results)
	cd frontend && npx vitest run --reporter=default --reporter=json --outputFile.json=../$(results)/frontend.json

# The tests hand bbolt damaged pages. Where it looks beyond one, that is no more
# than a wrong answer, which the sums find; but checkptr, which comes with -race,
# ends the process.
test-go:
	@mkdir -p $(results)
	go tool gotestsum --format pkgname --jsonfile $(results)/go.json -- -race -gcflags 'go.etcd.io/bbolt/...=-d=checkptr=0' -timeout 10m $$(go list ./... | grep -v /e2e)

test-e2e: $(app) $(nginx) $(caddy)
	@mkdir -p $(results)
	go tool gotestsum --format pkgname --jsonfile $(results)/e2e.json -- -race -timeout 15m ./e2e/...

# Worlds of the simulation in thousands; a few with the race detector are in
# test-e2e. A failing seed prints the command that lives through it again.
.PHONY: test-sim soak mutations
SEEDS ?= 2000
test-sim:
	@mkdir -p $(results)
	go tool gotestsum --format pkgname --jsonfile $(results)/sim.json -- -timeout 10m ./e2e/sim -run TestSeeds -from 1000 -seeds $(SEEDS)

# New seeds, for a night.
HOURS ?= 8
soak:
	go test ./e2e/sim -v -timeout 0 -run TestSeeds -from $$(date +%s)0000 -for $(HOURS)h

# Real faults, at length, on the binary that people run: kills under load,
# restarts in order under 500 clients, a server that stands still for longer than
# its own clocks wait, lines that break in every way, and bytes that turn over in
# the file. Some ten minutes.
.PHONY: soak-faults soak-kills
KILLS ?= 1000
soak-kills: $(app)
	go build -o bin/tutti .
	cd e2e && TUTTI_BIN=$(CURDIR)/bin/tutti go test . -v -timeout 0 -run 'TestCrashLoses' -args -crash.rounds=$(KILLS)

soak-faults: soak-kills
	cd e2e && TUTTI_BIN=$(CURDIR)/bin/tutti go test . -v -timeout 0 -run 'StandsStill|BadLine|RollingRestarts|BytesTurnOver' \
		-args -stopped=90s -line.edits=1000 -rolling.restarts=20 -damage.rounds=100

# Breaks the code in each way that the simulation's table knows, and sees that
# it is caught.
mutations:
	go test ./e2e/sim -v -timeout 60m -run 'TestMutations$$' -mutate .

test-browser: build e2e/node_modules/.package-lock.json $(chromium)
	@mkdir -p $(results)
	cd e2e && TUTTI_BIN=$(CURDIR)/bin/tutti PLAYWRIGHT_JSON_OUTPUT_NAME=$(CURDIR)/$(results)/browser.json npx playwright test --reporter=list,json

/usr/bin/chromium:
	apt-get update
	apt-get install -y --no-install-recommends chromium fonts-noto-color-emoji fonts-noto-cjk

# The proxies of server/deploy, for tests that run them themselves. Their
# packages would start them as services, too: RUNLEVEL=1 is how Debian is told not to.
/usr/sbin/nginx /usr/bin/caddy:
	apt-get update
	RUNLEVEL=1 apt-get install -y --no-install-recommends $(if $(findstring nginx,$@),nginx-light,caddy)

# The algebra against npm quill-delta, on as many random cases as wanted.
CASES ?= 1000000
oracle: frontend/node_modules/.package-lock.json
	go test ./ot -run TestOracle -oracle $(CASES) -timeout 60m -v

# Each target for so long. What is found stays in testdata/fuzz and fails in
# every test from then on.
FUZZTIME ?= 10m
fuzz:
	@grep -r --include='*_test.go' '^func Fuzz' . --exclude-dir=node_modules | sed -E 's|(.*)/[^/]*:func (Fuzz[A-Za-z]*).*|\1 \2|' | sort | \
	while read -r folder target; do \
		echo "$$folder $$target"; \
		go test $$folder -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 1s || exit 1; \
	done

bench:
	go test -run '^$$' -bench . -benchmem ./ot ./store ./store/run ./session

# What a keystroke costs in 1 MB while ten others type, and how fast pages open.
bench-browser: build e2e/node_modules/.package-lock.json $(chromium)
	cd e2e && TUTTI_BIN=$(CURDIR)/bin/tutti npx playwright test --config playwright.bench.config.ts

# What REST costs: a document of a million records, lists and searches of ten
# thousand documents, large writes, import and export. It needs some minutes.
bench-rest:
	go test -p 1 -run '^$$' -bench . -benchtime 5x -timeout 30m ./server ./server/search

# The load of `tutti bench` on tutti and its peers, in turns. The peers come from
# npm for this alone. It needs two hours; ARGS="hot fanout --rounds 3" chooses.
bench-peers: e2e/bench/peers/node_modules/.package-lock.json
	go build -o bin/tutti .
	go build -o bin/peers ./e2e/load/peers
	./bin/peers --json bin/peers.json $(ARGS)

# What an edit costs while something grows, as plots for the README, in twenty
# minutes. ARGS=--quick for trying, ARGS="size readers" chooses.
growth:
	go build -o bin/tutti .
	go build -o bin/growth ./e2e/load/growth
	./bin/growth $(ARGS)

# Where the server spends time and memory under the load of `tutti bench`:
# profiles and their tops in bin/profile. ARGS="hot fanout --seconds 5" chooses.
profile:
	go build -o bin/tutti .
	rm -rf bin/profile && mkdir -p bin/profile
	./bin/tutti bench --profiles bin/profile --json bin/profile/figures.json $(ARGS)
	@for p in bin/profile/*.cpu.pprof bin/profile/*.heap.pprof; do \
		[ ! -e $$p ] || go tool pprof -top -nodecount 60 bin/tutti $$p > $${p%.pprof}.txt; done
	@for p in bin/profile/*.allocs.pprof; do \
		[ ! -e $$p ] || go tool pprof -sample_index alloc_space -top -nodecount 60 bin/tutti $$p > $${p%.pprof}.txt; done
	@ls bin/profile/*.txt

# The pictures in the README and its gallery.
screenshot: build e2e/node_modules/.package-lock.json $(chromium)
	cd e2e && TUTTI_BIN=$(CURDIR)/bin/tutti npm run screenshot

clean:
	rm -rf bin frontend/dist/assets frontend/dist/examples frontend/dist/index.html frontend/client/dist frontend/node_modules e2e/node_modules e2e/bench/peers/node_modules
