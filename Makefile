# sudo make demo     two nodes, two pods, and the proof that they talk without NAT
# sudo make test     everything
# make help          all targets
#
# Run as root (sudo make …): network namespaces and packages need it.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# sudo's search path often lacks the toolchain.
SWIFT ?= $(firstword $(shell command -v swift) $(wildcard /opt/swift/usr/bin/swift /usr/local/swift/usr/bin/swift \
	/usr/libexec/swift/bin/swift $(foreach user,$(SUDO_USER),/home/$(user)/.local/share/swiftly/bin/swift)))
PREFIX ?= /usr/local
DESTDIR ?=
LAB := .build/release/lab

# What the build links, what the tests look with, and the real programs that images stand for.
BUILD_PACKAGES := libmnl-dev libnftnl-dev libpcap-dev libsqlite3-dev gcc g++ libc6-dev
TEST_PACKAGES := iproute2 iputils-ping nftables ethtool tshark curl procps util-linux bsdutils diffutils python3 python3-venv \
	bind9-dnsutils
REAL_PACKAGES := nginx-light redis-server redis-tools
BENCH_PACKAGES := mininet bridge-utils
DNS_BENCH_PACKAGES := bind9-dnsutils dnsperf knot unbound dnsmasq-base

.PHONY: help
help: ## List the targets.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

.PHONY: deps
deps: ## Install the libraries that the build links (Debian packages).
	@Tools/install-packages.sh $(BUILD_PACKAGES)

.PHONY: test-deps
test-deps: ## Install what the tests look with.
	@Tools/install-packages.sh $(TEST_PACKAGES)

.PHONY: real-programs
real-programs: ## Install the programs that images stand for (nginx, redis), without starting their services.
	@Tools/install-packages.sh $(REAL_PACKAGES)

.PHONY: client-programs
client-programs: ## Get the clients that the tests drive (Debian's kubectl, Python's kubernetes), without installing them.
	@Tools/client-programs.sh .build/clients

.PHONY: toolchain
toolchain:
	@test -n "$(SWIFT)" || { echo "no swift in the search path; install Swift 6.2 or newer from https://swift.org/install" >&2; exit 3; }

.PHONY: build
build: deps toolchain ## Build the release binary, .build/release/lab, with a static standard library.
	$(SWIFT) build -c release --static-swift-stdlib --product lab

.PHONY: demo
demo: build ## Bring labs/two-node.toml up, prove that its pods talk without NAT, take it down.
	@Tools/demo.sh $(LAB)

.PHONY: test
test: deps test-deps real-programs client-programs toolchain lint ## Run everything: format, unit, kernel, lifecycle and fault tests, the suite and its mutants.
	$(SWIFT) build --build-tests
	Tests/host-unchanged.sh $(SWIFT) test --skip-build --no-parallel
	Tests/host-unchanged.sh $(MAKE) conformance LAB=.build/debug/lab QUICK=--quick

.PHONY: conformance
conformance: ## Run the conformance suite on labs of each kind, the whole of it with each service proxy.
	@test -x $(LAB) || $(MAKE) build
	@Tools/conformance.sh $(LAB) $(QUICK)

.PHONY: bench
bench: build ## Measure: milliseconds a pod beside the kernel's floor, ip -batch and mininet; teardown; exec; probes.
	@Tools/install-packages.sh $(TEST_PACKAGES) $(BENCH_PACKAGES)
	$(SWIFT) build -c release --static-swift-stdlib --product lab-bench
	cc -O2 -Wall -Wextra -Werror -o .build/release/lab-floor Benchmarks/floor/*.c -lmnl
	.build/release/lab-bench

.PHONY: bench-dns
bench-dns: build ## Measure the cluster DNS beside packaged servers with the same records: in labs, and by themselves.
	@Tools/install-packages.sh iproute2 python3 $(DNS_BENCH_PACKAGES)
	Benchmarks/dns/in-labs.py --lab $(LAB)
	$(SWIFT) build -c release --static-swift-stdlib --product lab-dns-server
	Benchmarks/dns/compare.py --builtin .build/release/lab-dns-server

.PHONY: format
format: toolchain ## Format all Swift code.
	$(SWIFT) format format --in-place --parallel --recursive Sources Tests Benchmarks Package.swift

.PHONY: lint
lint: toolchain ## Check the formatting, as CI does.
	$(SWIFT) format lint --strict --parallel --recursive Sources Tests Benchmarks Package.swift

.PHONY: install
install: build ## Install lab, its labs, suite, completions and manual below PREFIX (/usr/local).
	@Tools/install.sh $(LAB) "$(DESTDIR)$(PREFIX)"

.PHONY: uninstall
uninstall: ## Remove what install put there.
	rm -rf "$(DESTDIR)$(PREFIX)/bin/lab" "$(DESTDIR)$(PREFIX)/share/lab" "$(DESTDIR)$(PREFIX)/share/man/man1/lab.1" \
		"$(DESTDIR)$(PREFIX)/share/bash-completion/completions/lab" "$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_lab" \
		"$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/lab.fish"

.PHONY: clean
clean: ## Remove what was built.
	rm -rf .build evidence
