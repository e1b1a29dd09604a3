#!/usr/bin/env python3
"""Compares the cluster DNS servers of labs: queries a second and latency, with dnsperf in a pod, through the Service kube-dns.

A lab for each server, all with the same Services, so that every query meets the same service proxy. They are measured in
turn, several times, on the same cores; the median counts. Latencies are those at full load, 200 questions under way, and at
rates that all servers of the table keep up with; a server that does not is left out there. Then an endpoint of a headless
Service changes, and a pod asks until it is answered. Run as root:

    in-labs.py --lab .build/release/lab [--servers builtin knot] [--seconds 3] [--rounds 3] [--services 10000]
"""
import argparse
import json
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

NAMESPACES = 100
LAB = """
name = "{name}"
[components]
dns = "{server}"
[[node]]
name = "node1"
[[node]]
name = "node2"
[[pod]]
name = "client"
node = "node2"
"""
# Asks for the addresses of a name until they are the wanted one, and says when that was.
ASK = r"""
import socket, sys, time
name, wanted = sys.argv[1], socket.inet_aton(sys.argv[2])
question = b"".join(bytes([len(part)]) + part.encode() for part in name.split(".")) + b"\0\0\1\0\1"
asker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
asker.settimeout(1)
asker.connect((sys.argv[3], 53))
print("ready", flush=True)
end = time.monotonic() + 20
number = 0
while time.monotonic() < end:
    number = number % 65535 + 1
    asker.send(number.to_bytes(2, "big") + b"\1\0\0\1\0\0\0\0\0\0" + question)
    try:
        answer = asker.recv(4096)
    except TimeoutError:
        continue
    if answer[:2] == number.to_bytes(2, "big") and answer.endswith(wanted):
        print(time.monotonic(), flush=True)
        sys.exit()
sys.exit("no answer has the address")
"""


class Bench:
    def __init__(self, options):
        self.options = options
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="dns-labs-"))
        self.environment = dict(os.environ, LAB_STATE_ROOT=str(self.directory / "state"),
                                LAB_NETNS_ROOT=str(self.directory / "netns"))
        self.address = "10.96.0.10"

    def lab(self, *arguments, **more):
        return subprocess.run([self.options.lab, *arguments], check=True, env=self.environment, text=True,
                              capture_output=True, **more).stdout

    def names(self):
        return [(f"service-{i}", f"ns-{i % NAMESPACES}") for i in range(self.options.services)]

    def objects(self):
        items = [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": f"ns-{i}"}} for i in range(NAMESPACES)]
        items += [{"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": namespace},
                   "spec": {"ports": [{"name": "http", "port": 80}]}} for name, namespace in self.names()]
        items.append({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "headless"},
                      "spec": {"clusterIP": "None", "ports": [{"name": "http", "port": 80}]}})
        return self.write("objects.json", {"apiVersion": "v1", "kind": "List", "items": items})

    def slice(self, address):
        return self.write("slice.json", {
            "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
            "metadata": {"name": "headless-1", "labels": {"kubernetes.io/service-name": "headless"}},
            "ports": [{"name": "http", "port": 80}], "endpoints": [{"addresses": [address]}]})

    def write(self, name, value):
        path = self.directory / name
        path.write_text(json.dumps(value))
        return str(path)

    def up(self, server):
        path = self.directory / f"{server}.toml"
        path.write_text(LAB.format(name=server, server=server))
        self.lab("up", str(path))
        self.lab("apply", "--lab", server, "-f", self.objects())
        name, namespace = self.names()[-1]
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            answer = subprocess.run(
                [self.options.lab, "exec", "--lab", server, "client", "--", "dig", f"@{self.address}", "+short", "+time=1",
                 "+tries=1", f"{name}.{namespace}.svc.cluster.local"], env=self.environment, capture_output=True, text=True)
            if re.match(r"10\.", answer.stdout):
                return
            time.sleep(0.2)
        sys.exit(f"{server} does not answer for {name}")

    def queries(self):
        """Names that exist and, as search paths make them, names that do not."""
        generator = random.Random(1)
        names = [f"{name}.{namespace}.svc.cluster.local" for name, namespace in self.names()]
        path = self.directory / "queries"
        with path.open("w") as file:
            for _ in range(50_000):
                name, kind = generator.choice(names), generator.random()
                if kind < 0.3:
                    file.write(f"{name}.default.svc.cluster.local A\n")
                elif kind < 0.4:
                    file.write(f"_http._tcp.{name} SRV\n")
                else:
                    file.write(f"{name} A\n")
        return str(path)

    def dnsperf(self, server, path, *arguments):
        """What dnsperf prints: into a file, since nobody is to read along while it measures."""
        output = self.directory / "output"
        with output.open("w") as file:
            subprocess.run([self.options.lab, "exec", "--lab", server, "client", "--", "dnsperf", "-s", self.address, "-d", path,
                            "-l", str(self.options.seconds), "-e", "-c", "8", *arguments],
                           check=True, env=self.environment, stdout=file, stderr=subprocess.DEVNULL)
        return output.read_text()

    def latencies(self, server, path, *arguments):
        """Microseconds that half of all answers took, and 99 of a hundred. What was lost counts as the longest."""
        lines = [line for line in self.dnsperf(server, path, "-v", *arguments).splitlines() if line.startswith("> ")]
        times = sorted(float("inf") if line.startswith("> T") else float(line.split()[-1]) * 1e6 for line in lines)
        return times[len(times) // 2], times[len(times) * 99 // 100]

    def change(self, server, turn):
        """Milliseconds from the end of the verb, and from its start, until a changed endpoint is answered."""
        address = f"10.1.{turn}.{turn + 1}"
        asking = subprocess.Popen(
            [self.options.lab, "exec", "--lab", server, "client", "--", "python3", "-c", ASK,
             "headless.default.svc.cluster.local", address, self.address],
            env=self.environment, stdout=subprocess.PIPE, text=True)
        asking.stdout.readline()
        path = self.slice(address)
        start = time.monotonic()
        self.lab("apply", "--lab", server, "-f", path)
        end = time.monotonic()
        answered = float(asking.communicate()[0])
        return max(0, answered - end) * 1000, (answered - start) * 1000

    def measure(self):
        path = self.queries()
        loads = ["full load"] + sorted(self.options.rates, reverse=True)
        figures = {server: {"rate": [], "lost": 0, "change": [], "times": {load: [] for load in loads}}
                   for server in self.options.servers}
        for server in self.options.servers:
            self.up(server)
        for _ in range(self.options.rounds):
            for server in self.options.servers:
                output = self.dnsperf(server, path, "-q", "200")
                figures[server]["rate"].append(float(re.search(r"Queries per second:\s+([\d.]+)", output).group(1)))
                figures[server]["lost"] += int(re.search(r"Queries lost:\s+(\d+)", output).group(1))
        for load in loads:
            how = ["-q", "200"] if load == "full load" else ["-Q", str(load)]
            for _ in range(self.options.rounds):
                for server in self.options.servers:
                    if load == "full load" or load < 0.8 * statistics.median(figures[server]["rate"]):
                        figures[server]["times"][load].append(self.latencies(server, path, *how))
        for turn in range(1, 11):
            for server in self.options.servers:
                figures[server]["change"].append(self.change(server, turn))
        return figures

    def close(self):
        subprocess.run([self.options.lab, "down", "--all"], env=self.environment, capture_output=True)
        shutil.rmtree(self.directory, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lab", default=".build/release/lab")
    parser.add_argument("--servers", nargs="+", default=["builtin", "knot", "unbound", "dnsmasq"])
    parser.add_argument("--services", type=int, default=10_000)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rates", type=int, nargs="+", default=[5_000, 20_000],
                        help="queries a second while latencies are measured")
    options = parser.parse_args()
    options.lab = str(pathlib.Path(options.lab).resolve())
    bench = Bench(options)
    try:
        figures = bench.measure()
    finally:
        bench.close()
    report(figures)


def shown(times):
    """The median; what was lost has none."""
    time = statistics.median(times)
    return "lost" if time == float("inf") else f"{time:,.0f}"


def report(figures):
    """Two tables: what a server can take, and how long its answers take."""
    print("| server | queries/s | best | lost | a changed endpoint, ms after `lab apply` | ms after its start |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for server, found in figures.items():
        ends, starts = zip(*found["change"])
        print(f"| {server} | {statistics.median(found['rate']):,.0f} | {max(found['rate']):,.0f} | {found['lost']} "
              f"| {statistics.median(ends):.1f} | {statistics.median(starts):.1f} |")
    loads = list(next(iter(figures.values()))["times"])
    names = [load if isinstance(load, str) else f"{load:,} queries/s" for load in loads]
    print("\n| p50 and p99, µs | " + " | ".join(names) + " |\n| --- |" + " ---: |" * len(loads))
    for server, found in figures.items():
        cells = []
        for load in loads:
            half, most = zip(*found["times"][load]) if found["times"][load] else ((), ())
            cells.append(f"{shown(half)}, {shown(most)}" if half else "")
        print(f"| {server} | " + " | ".join(cells) + " |")

if __name__ == "__main__":
    main()
