import Addressing
import Netlink
import Nftables
import Testing

@testable import Topology

@Suite("Operations in words")
struct PlanOperationTests {
    /// One operation of each kind with the commands that do the same, its words and what undoes it.
    private func samples() throws -> [(operation: Operation, commands: [String], summary: String, inverse: String?)] {
        let plan = try PlanSamples.lab("two-node")
        let (underlay, node) = (try #require(plan["two-node.underlay"]), try #require(plan["two-node.node1"]))
        let pod = try #require(plan["two-node.default.pod-a"])
        let (uplink, name) = (try #require(pod.uplink), "two-node.node1")
        let forward = SysctlSetting("net/ipv4/ip_forward", "1")
        let bridging = SysctlSetting("net/bridge/bridge-nf-call-iptables", "1", isOptional: true)
        let address6 = AddressPlan(link: "eth0", address: try #require(InterfaceAddress("fd00::5/64")))
        let everywhere6 = RoutePlan(
            destination: try #require(CIDR("::/0")), gateway: IPAddress("fd00::1"), link: "eth0")
        let (bridge, vxlan) = (underlay.bridges[0], try #require(node.vxlan))
        return [
            (
                .createNamespace(name, sysctls: [forward, bridging]),
                [
                    "ip netns add two-node.node1", "ip netns exec two-node.node1 sysctl -q -w net/ipv4/ip_forward=1",
                    "ip netns exec two-node.node1 sysctl -e -q -w net/bridge/bridge-nf-call-iptables=1",
                ], "create the network namespace two-node.node1", "remove the network namespace two-node.node1"
            ),
            (
                .shareNamespace("two-node.default.h", of: name),
                [
                    "touch /run/netns/two-node.default.h",
                    "mount --bind /run/netns/two-node.node1 /run/netns/two-node.default.h",
                ],
                "give the network namespace two-node.node1 the further name two-node.default.h",
                "remove the network namespace two-node.default.h"
            ),
            (
                .removeNamespace(name), ["ip netns delete two-node.node1"],
                "remove the network namespace two-node.node1", nil
            ),
            (
                .writeSysctl(in: name, forward), ["ip netns exec two-node.node1 sysctl -q -w net/ipv4/ip_forward=1"],
                "set net/ipv4/ip_forward to 1 in two-node.node1", nil
            ),
            (
                .addBridge(in: underlay.name, bridge),
                [
                    "ip -n two-node.underlay link add name underlay0 address \(bridge.station) mtu 1500 up"
                        + " type bridge forward_delay 0 stp_state 0 mcast_snooping 0"
                ], "create the bridge underlay0 in two-node.underlay",
                "remove the interface underlay0 in two-node.underlay"
            ),
            (
                .addVXLAN(in: name, vxlan),
                [
                    "ip -n two-node.node1 link add name vxlan.1 address 0e:58:c0:a8:01:0a mtu 1450 up"
                        + " type vxlan id 1 local 192.168.1.10 dstport 8472 nolearning"
                ], "create the VXLAN device vxlan.1 in two-node.node1", "remove the interface vxlan.1 in two-node.node1"
            ),
            (
                .addUplink(of: pod.name, uplink),
                [
                    "ip -n two-node.node1 link add name \(uplink.port) address \(uplink.portStation) mtu 1450"
                        + " numtxqueues 1 numrxqueues 1 master cni0 up type veth peer name eth0"
                        + " address 0a:58:0a:f4:01:05 mtu 1450 numtxqueues 1 numrxqueues 1 netns two-node.default.pod-a",
                    "ip -n two-node.node1 link property add dev \(uplink.port) altname veth-default.pod-a",
                    "ip -n two-node.node1 link set \(uplink.port) type bridge_slave hairpin on",
                ], "create the veth pair from eth0 in two-node.default.pod-a to cni0 in two-node.node1",
                "remove the interface \(uplink.port) in two-node.node1"
            ),
            (
                .removeLink(in: name, link: "vxlan.1"), ["ip -n two-node.node1 link delete vxlan.1"],
                "remove the interface vxlan.1 in two-node.node1", nil
            ),
            (
                .setUp(in: name, link: "eth0"), ["ip -n two-node.node1 link set eth0 up"],
                "bring up eth0 in two-node.node1", nil
            ),
            (
                .setMaster(in: name, link: "veth1", bridge: "cni0"),
                ["ip -n two-node.node1 link set veth1 master cni0"],
                "make veth1 a port of cni0 in two-node.node1", nil
            ),
            (
                .disableChecksumOffload(in: name, link: "eth0"),
                ["ip netns exec two-node.node1 ethtool -K eth0 tx off"],
                "turn off the checksum offload of eth0 in two-node.node1", nil
            ),
            (
                .addAddress(in: pod.name, pod.addresses[0]),
                ["ip -n two-node.default.pod-a address add 10.244.1.5/24 dev eth0"],
                "add the address 10.244.1.5/24 to eth0 in two-node.default.pod-a",
                "remove the address 10.244.1.5/24 from eth0 in two-node.default.pod-a"
            ),
            (
                .addAddress(in: pod.name, address6),
                ["ip -n two-node.default.pod-a address add fd00::5/64 dev eth0 nodad"],
                "add the address fd00::5/64 to eth0 in two-node.default.pod-a",
                "remove the address fd00::5/64 from eth0 in two-node.default.pod-a"
            ),
            (
                .removeAddress(in: pod.name, address6),
                ["ip -n two-node.default.pod-a address delete fd00::5/64 dev eth0"],
                "remove the address fd00::5/64 from eth0 in two-node.default.pod-a", nil
            ),
            (
                .replaceRoute(in: name, node.routes[0]),
                ["ip -n two-node.node1 route replace 10.244.2.0/24 via 10.244.2.0 dev vxlan.1 onlink proto boot"],
                "add the route to 10.244.2.0/24 via 10.244.2.0 dev vxlan.1 onlink in two-node.node1",
                "remove the route to 10.244.2.0/24 via 10.244.2.0 dev vxlan.1 onlink in two-node.node1"
            ),
            (
                .replaceRoute(in: pod.name, pod.routes[0]),
                ["ip -n two-node.default.pod-a route replace default via 10.244.1.1 dev eth0 proto boot"],
                "add the route to 0.0.0.0/0 via 10.244.1.1 dev eth0 in two-node.default.pod-a",
                "remove the route to 0.0.0.0/0 via 10.244.1.1 dev eth0 in two-node.default.pod-a"
            ),
            (
                .removeRoute(in: pod.name, everywhere6),
                ["ip -n two-node.default.pod-a route delete ::/0 via fd00::1 dev eth0 proto boot"],
                "remove the route to ::/0 via fd00::1 dev eth0 in two-node.default.pod-a", nil
            ),
            (
                .replaceNeighbor(in: pod.name, pod.neighbors[0]),
                [
                    "ip -n two-node.default.pod-a neighbor replace 10.244.1.1 lladdr 0a:58:0a:f4:01:01 dev eth0 nud permanent"
                ],
                "add the neighbour 10.244.1.1 of eth0 in two-node.default.pod-a",
                "remove the neighbour 10.244.1.1 of eth0 in two-node.default.pod-a"
            ),
            (
                .removeNeighbor(in: pod.name, pod.neighbors[0]),
                ["ip -n two-node.default.pod-a neighbor delete 10.244.1.1 dev eth0"],
                "remove the neighbour 10.244.1.1 of eth0 in two-node.default.pod-a", nil
            ),
            (
                .replaceForwarding(in: name, node.forwarding[0]),
                ["bridge -n two-node.node1 fdb replace 0e:58:c0:a8:01:0b dev vxlan.1 dst 192.168.1.11 self permanent"],
                "add the forwarding entry to 192.168.1.11 of vxlan.1 in two-node.node1",
                "remove the forwarding entry to 192.168.1.11 of vxlan.1 in two-node.node1"
            ),
            (
                .removeForwarding(in: name, node.forwarding[0]),
                ["bridge -n two-node.node1 fdb delete 0e:58:c0:a8:01:0b dev vxlan.1 dst 192.168.1.11 self"],
                "remove the forwarding entry to 192.168.1.11 of vxlan.1 in two-node.node1", nil
            ),
        ]
    }

    @Test("every kind of operation has its commands, its words and what undoes it")
    func words() throws {
        for sample in try samples() {
            #expect(sample.operation.commands == sample.commands)
            #expect(sample.operation.summary == sample.summary)
            #expect(sample.operation.inverse?.summary == sample.inverse, "\(sample.summary)")
        }
    }

    @Test("hostPorts are two nftables files, one a family")
    func hostPorts() throws {
        let mapping = HostPortMapping(
            hostPort: 8080, protocolNumber: 6, podAddress: try #require(IPAddress("10.244.1.5")), podPort: 80,
            comment: "default/pod-a")
        let operation = Operation.replaceHostPorts(in: "two-node.node1", [mapping])
        #expect(operation.summary == "program 1 hostPorts in two-node.node1")
        #expect(operation.inverse == nil && operation.namespace == "two-node.node1")
        #expect(operation.commands.count == 2)
        for (command, family) in zip(operation.commands, ["ip", "ip6"]) {
            #expect(command.hasPrefix("ip netns exec two-node.node1 nft -f - <<'EOF'\n"))
            #expect(command.hasSuffix("\nEOF") && command.contains("table \(family) lab-hostports {"))
            #expect(command.contains("8080") == (family == "ip"))
        }
    }

    @Test("an operation is in the namespace that its request is sent to: a veth's is its bridge's")
    func namespaces() throws {
        for sample in try samples() {
            if case .addUplink(let far, let uplink) = sample.operation {
                #expect(sample.operation.namespace == uplink.owner && far != uplink.owner)
            } else {
                #expect(
                    sample.summary.hasSuffix(sample.operation.namespace)
                        || sample.summary.contains(sample.operation.namespace))
            }
        }
    }
}
