#!/usr/bin/env python3
"""Compares the built-in cluster DNS with packaged servers: queries a second and latency, with dnsperf.

Every server gets the same records, in a network namespace of its own that a veth joins with the client's. They are
measured in turn, several times, on the same cores; the median counts. Run as root:

    compare.py --builtin .build/release/lab-dns-server [--seconds 3] [--rounds 3] [--services 10000]
"""
import argparse
import os
import pathlib
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

SERVER, CLIENT = "10.0.0.2", "10.0.0.1"


def services(count):
    for i in range(count):
        yield (f"service-{i}.ns-{i % 100}.svc.cluster.local",
               f"10.{96 + i // 65536}.{i // 256 % 256}.{i % 256}")


def run(*command, **options):
    return subprocess.run(command, check=True, **options)


def cpu_seconds(process):
    """What a process and its threads have used."""
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Contender:
    """A server: how it is configured and started."""

    def __init__(self, name, directory, count):
        self.name, self.directory, self.count = name, directory, count

    def command(self):
        return getattr(self, self.name.replace("-", "_"))()

    def builtin(self):
        return [self.program, "--address", SERVER, "--services", str(self.count), "--workers", "1"]

    def builtin_2(self):
        return [self.program, "--address", SERVER, "--services", str(self.count), "--workers", "2"]

    def knot(self):
        zone = self.directory / "cluster.local.zone"
        with zone.open("w") as file:
            file.write("$ORIGIN cluster.local.\n$TTL 5\n@ SOA ns.dns hostmaster 1 7200 1800 86400 5\n@ NS ns.dns\n"
                       f"ns.dns A {SERVER}\n")
            for name, address in services(self.count):
                file.write(f"{name}. A {address}\n_http._tcp.{name}. SRV 0 100 80 {name}.\n")
        configuration = self.directory / "knot.conf"
        configuration.write_text(
            f'server:\n    rundir: "{self.directory}"\n    listen: {SERVER}@53\n'
            f'database:\n    storage: "{self.directory}"\n'
            f'zone:\n  - domain: cluster.local\n    file: "{zone}"\n    zonefile-sync: -1\n    journal-content: none\n')
        return ["knotd", "-c", str(configuration)]

    def unbound(self):
        configuration = self.directory / "unbound.conf"
        with configuration.open("w") as file:
            file.write(
                f'server:\n  interface: {SERVER}\n  access-control: 0.0.0.0/0 allow\n  do-daemonize: no\n'
                f'  num-threads: {os.cpu_count()}\n  so-reuseport: yes\n  username: ""\n  chroot: ""\n'
                f'  directory: "{self.directory}"\n  pidfile: "{self.directory}/unbound.pid"\n  use-syslog: no\n'
                '  module-config: "iterator"\n  minimal-responses: yes\n  local-zone: "cluster.local." static\n'
                '  local-data: "cluster.local. 5 SOA ns.dns.cluster.local. hostmaster.cluster.local. 1 7200 1800 86400 5"\n')
            for name, address in services(self.count):
                file.write(f'  local-data: "{name}. 5 A {address}"\n'
                           f'  local-data: "_http._tcp.{name}. 5 SRV 0 100 80 {name}."\n')
        return ["unbound", "-d", "-c", str(configuration)]

    def dnsmasq(self):
        configuration = self.directory / "dnsmasq.conf"
        with configuration.open("w") as file:
            file.write(f"listen-address={SERVER}\nbind-interfaces\nno-resolv\nno-hosts\nuser=root\npid-file=\n"
                       "local=/cluster.local/\nlocal-ttl=5\ncache-size=10000\n")
            for name, address in services(self.count):
                file.write(f"host-record={name},{address}\nsrv-host=_http._tcp.{name},{name},80\n")
        return ["dnsmasq", "-k", "-C", str(configuration)]


class Bench:
    def __init__(self, options):
        self.options = options
        self.prefix = f"dns-bench-{os.getpid()}"
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="dns-bench-"))

    def namespaces(self, name):
        server = f"{self.prefix}-{name}"
        run("ip", "netns", "add", server)
        run("ip", "netns", "add", f"{server}-client")
        run("ip", "-n", server, "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns",
            f"{server}-client")
        for namespace, address in ((server, SERVER), (f"{server}-client", CLIENT)):
            run("ip", "-n", namespace, "link", "set", "lo", "up")
            run("ip", "-n", namespace, "link", "set", "eth0", "up")
            run("ip", "-n", namespace, "address", "add", f"{address}/24", "dev", "eth0")
        return server

    def start(self, name):
        directory = self.directory / name
        directory.mkdir()
        contender = Contender(name, directory, self.options.services)
        contender.program = self.options.builtin
        namespace = self.namespaces(name)
        log = (directory / "log").open("w")
        # `ip netns exec` becomes the command, so that the process is the server.
        process = subprocess.Popen(["ip", "netns", "exec", namespace] + contender.command(), stdout=log, stderr=log)
        deadline = time.monotonic() + 60
        question = ["dig", f"@{SERVER}", "+short", "+time=1", "+tries=1", "service-1.ns-1.svc.cluster.local"]
        while time.monotonic() < deadline:
            answer = subprocess.run(["ip", "netns", "exec", f"{namespace}-client"] + question, capture_output=True,
                                    text=True)
            if answer.stdout.strip() == "10.96.0.1":
                return namespace, process
            if process.poll() is not None:
                break
            time.sleep(0.2)
        sys.exit(f"{name} does not answer: {(directory / 'log').read_text()[-2000:]}")

    def queries(self):
        """Names that exist and, as search paths make them, names that do not."""
        generator = random.Random(1)
        names = [name for name, _ in services(self.options.services)]
        path = self.directory / "queries"
        with path.open("w") as file:
            for _ in range(50_000):
                name = generator.choice(names)
                kind = generator.random()
                if kind < self.options.missing:
                    file.write(f"{name}.default.svc.cluster.local A\n")
                elif kind < self.options.missing + 0.1:
                    file.write(f"_http._tcp.{name} SRV\n")
                else:
                    file.write(f"{name} A\n")
        return path

    def dnsperf(self, namespace, path, *arguments):
        return subprocess.run(
            ["ip", "netns", "exec", f"{namespace}-client", "dnsperf", "-s", SERVER, "-d", str(path), "-l",
             str(self.options.seconds), "-e", *arguments], capture_output=True, text=True).stdout

    def measure(self):
        path = self.queries()
        running = {name: self.start(name) for name in self.options.contenders}
        rates = {name: [] for name in running}
        costs = {name: [] for name in running}
        latencies = {name: [] for name in running}
        try:
            for _ in range(self.options.rounds):
                for name, (namespace, process) in running.items():
                    before = cpu_seconds(process)
                    output = self.dnsperf(namespace, path, "-c", "8", "-q", "200")
                    completed = int(re.search(r"Queries completed:\s+(\d+)", output).group(1))
                    costs[name].append((cpu_seconds(process) - before) * 1e6 / max(1, completed))
                    rate = re.search(r"Queries per second:\s+([\d.]+)", output)
                    lost = re.search(r"Queries lost:\s+(\d+)", output)
                    rates[name].append((float(rate.group(1)), int(lost.group(1))))
            for _ in range(self.options.rounds):
                for name, (namespace, _) in running.items():
                    output = self.dnsperf(namespace, path, "-c", "8", "-Q", str(self.options.rate), "-v")
                    times = sorted(float(line.split()[-1]) * 1e6 for line in output.splitlines()
                                   if line.startswith("> "))
                    latencies[name].append((times[len(times) // 2], times[len(times) * 99 // 100]))
        finally:
            for _, process in running.values():
                process.terminate()
                process.wait()
        return rates, costs, latencies

    def close(self):
        listed = run("ip", "netns", "list", capture_output=True, text=True).stdout.split()
        for name in listed:
            if name.startswith(self.prefix):
                run("ip", "netns", "delete", name)
        shutil.rmtree(self.directory)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--builtin", default=".build/release/lab-dns-server")
    parser.add_argument("--contenders", nargs="+", default=["builtin", "builtin-2", "knot", "unbound", "dnsmasq"])
    parser.add_argument("--services", type=int, default=10_000)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--missing", type=float, default=0.3, help="the share of names that do not exist")
    parser.add_argument("--rate", type=int, default=10_000, help="queries a second while latencies are measured")
    options = parser.parse_args()
    bench = Bench(options)
    try:
        rates, costs, latencies = bench.measure()
    finally:
        bench.close()
    print(f"{'server':12}{'queries/s':>12}{'best':>10}{'lost':>7}{'CPU us':>9}{'p50 us':>9}{'p99 us':>9}")
    for name in options.contenders:
        print(f"{name:12}{statistics.median(rate for rate, _ in rates[name]):12.0f}"
              f"{max(rate for rate, _ in rates[name]):10.0f}{sum(lost for _, lost in rates[name]):7}"
              f"{statistics.median(costs[name]):9.2f}"
              f"{statistics.median(p50 for p50, _ in latencies[name]):9.0f}"
              f"{statistics.median(p99 for _, p99 in latencies[name]):9.0f}")


if __name__ == "__main__":
    main()
