"""Builds hosts on Linux bridges with mininet, stops them, and prints the seconds of both.

usage: hosts.py HOSTS BRIDGES, started by lab-bench in a network namespace of its own
"""

import os
import sys
import time

import mininet.net
from mininet.log import setLogLevel
from mininet.nodelib import LinuxBridge
from mininet.topo import Topo

# It would write settings of the whole machine (fs.file-max and others).
mininet.net.fixLimits = lambda: None


class Hosts(Topo):
    def build(self, hosts, bridges):
        names = [self.addSwitch("s%d" % (number + 1)) for number in range(bridges)]
        if bridges > 1:
            underlay = self.addSwitch("u1")
            for name in names:
                self.addLink(name, underlay)
        for number in range(hosts):
            self.addLink(self.addHost("h%d" % number), names[number % bridges])


def main():
    if "LAB_BENCH_ISOLATED" not in os.environ:
        sys.exit("mininet changes the network namespace that it runs in; lab-bench runs this in one of its own")
    setLogLevel("error")
    start = time.monotonic()
    network = mininet.net.Mininet(
        topo=Hosts(int(sys.argv[1]), int(sys.argv[2])), switch=LinuxBridge, controller=None, ipBase="10.0.0.0/16"
    )
    network.start()
    built = time.monotonic()
    network.stop()
    print(built - start, time.monotonic() - built)


main()
