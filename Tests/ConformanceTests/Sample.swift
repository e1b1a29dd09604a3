import Addressing
import PacketCapture
import Topology

@testable import Conformance

/// Two nodes with a pod each, and a third pod that nothing should reach:
///
///     a (node1)  a eth0 ── n1 cni0 ── n1 eth0 ~~ n2 eth0 ── n2 cni0 ── b eth0  b (node2)
///                                                              └────── c eth0  c (node2)
enum Sample {
    static let node1 = IPAddress.v4(IPv4Address(rawValue: 0xc0a8_010a))
    static let node2 = IPAddress.v4(IPv4Address(rawValue: 0xc0a8_010b))
    static let a = Endpoint(.v4(IPv4Address(rawValue: 0x0af4_0105)), 40000)
    static let b = Endpoint(.v4(IPv4Address(rawValue: 0x0af4_0203)), 8080)
    static let c = Endpoint(.v4(IPv4Address(rawValue: 0x0af4_0204)), 8080)

    static let points = [
        point("a eth0", "lab.default.a", .pod, 1), point("n1 cni0", "lab.node1", .node, 2),
        point("n1 eth0", "lab.node1", .node, 3),
        point("n2 eth0", "lab.node2", .node, 4), point("n2 cni0", "lab.node2", .node, 5),
        point("b eth0", "lab.default.b", .pod, 6),
        point("c eth0", "lab.default.c", .pod, 7),
        ObservationPoint(
            name: "a lo", networkNamespace: "lab.default.a", owner: .pod, station: .zero, isLoopback: true),
    ]

    private static func point(_ name: String, _ namespace: String, _ owner: ObservationPoint.Owner, _ number: UInt64)
        -> ObservationPoint
    {
        ObservationPoint(
            name: name, networkNamespace: namespace, owner: owner,
            station: MACAddress(rawValue: 0x0200_0000_0000 | number))
    }

    static func pod(_ name: String, _ node: String, _ address: IPAddress) -> Participant {
        Participant(PodSpec(name: name, node: node, address: [address]), lab: "lab")
    }

    /// A flow from a to b.
    static func flow(_ kind: ProbeProtocol, size: ProbeSize? = nil) -> Flow {
        let receiver = pod("b", "node2", b.address)
        var flow = Flow(
            number: 1, token: token, sender: pod("a", "node1", a.address), destination: .participant(receiver),
            kind: kind, dialled: b,
            receivers: [
                Receiver(participant: receiver, container: kind == .sctp(8080) ? nil : "server", arrival: b)
            ])
        flow.size = size
        return flow
    }

    static let token = ProbeToken(0xabc)
    /// The address of a Service with the endpoints b and c.
    static let service = Endpoint(.v4(IPv4Address(rawValue: 0x0a60_0005)), 80)
    /// Addresses of the first node: on the underlay, of its bridge.
    static let bridge1 = IPAddress.v4(IPv4Address(rawValue: 0x0af4_0101))
    static let addresses1: Set<IPAddress> = [node1, bridge1]

    /// A flow from a through the Service, which b and c may receive.
    static func serviceFlow(_ kind: ProbeProtocol, source: SourceRule = .kept) -> Flow {
        let node = Participant(NodeSpec(name: "node1", address: [node1]), lab: "lab")
        return Flow(
            number: 1, token: token, sender: pod("a", "node1", a.address),
            destination: .service(namespace: "default", name: "web", .clusterIP), kind: kind, dialled: service,
            receivers: [("b", b), ("c", c)].map { name, place in
                Receiver(
                    participant: pod(name, "node2", place.address), container: "server", arrival: place,
                    source: source)
            }, translator: node)
    }

    /// What the server of a pod saw.
    static func report(_ pod: String = "b", source: Endpoint = a) -> ServerReport {
        ServerReport(
            namespace: "default", pod: pod, container: "server", source: source.address, sourcePort: source.port,
            destination: b.address, destinationPort: b.port, id: "\(token)", length: 21)
    }

    static func answered(_ report: ServerReport = report(), from: Endpoint = b) -> ProbeResult {
        ProbeResult(source: a, ending: .answered(ProbeAnswer(from: from, report: report)))
    }

    static let silent = ProbeResult(source: a, ending: .silent)
    static let request = "seen \(token)"
    static let wayThere = ["a eth0", "n1 cni0", "n1 eth0", "n2 eth0", "n2 cni0", "b eth0"]

    /// Judges one flow.
    static func verdict(
        _ flow: Flow, _ result: ProbeResult, _ builder: PacketBuilder, expected: Expectation = .delivered,
        losses: [String] = [], own: Set<IPAddress>? = [a.address]
    ) -> FlowVerdict {
        FlowJudge(builder.packets, points: builder.points, losses: losses)
            .verdict(
                flow, expected: expected, result,
                addresses: FlowJudge.Addresses(sender: own, translator: addresses1))
    }
}

extension PacketBuilder {
    /// A request on its whole way from a to b, in VXLAN between the nodes.
    mutating func passThere(_ packet: [UInt8]) {
        pass(packet, at: ">a eth0", "n1 cni0", ">n1 eth0+", "n2 eth0+", ">n2 cni0", "b eth0")
    }

    /// An answer on its whole way back.
    mutating func passBack(_ packet: [UInt8]) {
        pass(packet, at: ">b eth0", "n2 cni0", ">n2 eth0+", "n1 eth0+", ">n1 cni0", "a eth0")
    }
}
