import Addressing
import KubernetesModel
import Nftables
import PolicyEngine
import Testing

private let web = "10.244.1.2"
private let client = "10.244.1.3"
private let other = "10.244.2.2"
private let api = "10.244.2.3"
private let outside = "203.0.113.7"

@Suite struct CornerCaseTests {
    /// A policy about the pods app=web of namespace default.
    private func cluster(_ rest: String, settings: PolicySettings = PolicySettings()) throws -> SampleCluster {
        let spec = try json(#"{"podSelector": {"matchLabels": {"app": "web"}}, \#(rest)}"#)
        return SampleCluster([policyObject("p", spec)], settings: settings)
    }

    @Test func `without policies everything passes`() throws {
        let cluster = SampleCluster()
        #expect(try cluster.passes(client, web))
        #expect(try cluster.passes(outside, web))
        #expect(try cluster.passes(web, outside))
    }

    @Test func `policyTypes absent means ingress, and egress only with egress rules`() throws {
        let plain = try cluster(#""ingress": []"#)
        #expect(try !plain.passes(client, web))
        #expect(try plain.passes(web, outside))
        let egress = try cluster(#""egress": [{"ports": [{"port": 53, "protocol": "UDP"}]}]"#)
        #expect(try !egress.passes(client, web))
        #expect(try !egress.passes(web, outside, 80))
        #expect(try egress.passes(web, outside, 53, .udp))
    }

    @Test func `policyTypes Egress leaves ingress alone`() throws {
        let cluster = try cluster(#""policyTypes": ["Egress"]"#)
        #expect(try cluster.passes(client, web))
        #expect(try !cluster.passes(web, client))
    }

    @Test func `an empty list of rules denies, an empty rule allows everything`() throws {
        #expect(try !cluster(#""ingress": []"#).passes(outside, web))
        #expect(try cluster(#""ingress": [{}]"#).passes(outside, web))
        #expect(try cluster(#""ingress": [{}]"#).passes(other, web, 9, .udp))
    }

    @Test func `an absent from means everyone, an empty namespaceSelector every pod and no outside address`() throws {
        let ports = try cluster(#""ingress": [{"ports": [{"port": 80}]}]"#)
        #expect(try ports.passes(outside, web))
        let pods = try cluster(#""ingress": [{"from": [{"namespaceSelector": {}}]}]"#)
        #expect(try !pods.passes(outside, web))
        #expect(try pods.passes(api, web))
        #expect(try pods.passes(client, web))
    }

    @Test func `selectors of one peer are ANDed, peers ORed, a bare podSelector is the policy's namespace`() throws {
        let both = try cluster(
            #""ingress": [{"from": [{"namespaceSelector": {"matchLabels": {"env": "prod"}}, "podSelector": {"matchLabels": {"app": "x"}}}]}]"#
        )
        #expect(try !both.passes(api, web))
        let either = try cluster(
            #""ingress": [{"from": [{"namespaceSelector": {"matchLabels": {"env": "prod"}}}, {"podSelector": {"matchLabels": {"app": "client"}}}]}]"#
        )
        #expect(try either.passes(api, web))
        #expect(try either.passes(client, web))
        #expect(try !either.passes(other, web))
        let bare = try cluster(#""ingress": [{"from": [{"podSelector": {"matchLabels": {"app": "web"}}}]}]"#)
        #expect(try !bare.passes(api, web))
    }

    @Test func `a port without protocol is TCP, a protocol without port is all of it`() throws {
        let tcp = try cluster(#""ingress": [{"ports": [{"port": 53}]}]"#)
        #expect(try tcp.passes(client, web, 53))
        #expect(try !tcp.passes(client, web, 53, .udp))
        let udp = try cluster(#""ingress": [{"ports": [{"protocol": "UDP"}]}]"#)
        #expect(try udp.passes(client, web, 9, .udp))
        #expect(try !udp.passes(client, web, 9))
    }

    @Test func `a named port is the destination pod's own, with the right protocol`() throws {
        let ingress = try cluster(#""ingress": [{"ports": [{"port": "http"}, {"port": "dns"}]}]"#)
        #expect(try ingress.passes(client, web, 80))
        #expect(try !ingress.passes(client, web, 8080))
        #expect(try !ingress.passes(client, web, 53, .udp))
        #expect(try !ingress.passes(client, web, 53))
        let egress = try cluster(#""policyTypes": ["Egress"], "egress": [{"ports": [{"port": "http"}]}]"#)
        #expect(try egress.passes(web, other, 8080))
        #expect(try !egress.passes(web, other, 80))
        #expect(try !egress.passes(web, outside, 80))
    }

    @Test(arguments: [(79, false), (80, true), (85, true), (90, true), (91, false)] as [(UInt16, Bool)])
    func `endPort is inclusive at both ends`(port: UInt16, passes: Bool) throws {
        let cluster = try cluster(#""ingress": [{"ports": [{"port": 80, "endPort": 90}]}]"#)
        #expect(try cluster.passes(client, web, port) == passes)
    }

    @Test func `except subtracts only inside its own peer`() throws {
        let one = #"{"ipBlock": {"cidr": "203.0.113.0/24", "except": ["203.0.113.4/30", "203.0.113.64/26"]}}"#
        let alone = try cluster(#""ingress": [{"from": [\#(one)]}]"#)
        #expect(try !alone.passes("203.0.113.7", web))
        #expect(try alone.passes("203.0.113.8", web))
        #expect(try !alone.passes("203.0.113.100", web))
        let two = try cluster(#""ingress": [{"from": [\#(one), {"ipBlock": {"cidr": "203.0.113.7/32"}}]}]"#)
        #expect(try two.passes("203.0.113.7", web))
        #expect(try !two.passes("203.0.113.5", web))
    }

    @Test func `a block of all addresses means pods too`() throws {
        let cluster = try cluster(#""ingress": [{"from": [{"ipBlock": {"cidr": "0.0.0.0/0"}}]}]"#)
        #expect(try cluster.passes(client, web))
        #expect(try cluster.passes(outside, web))
        #expect(try !cluster.passes("fd00:10:244:1::3", "fd00:10:244:1::2"))
    }

    @Test func `NotIn and DoesNotExist hold where the key is absent`() throws {
        for expression in [
            #"{"key": "tier", "operator": "NotIn", "values": ["back"]}"#,
            #"{"key": "tier", "operator": "DoesNotExist"}"#,
        ] {
            let cluster = try cluster(
                #""ingress": [{"from": [{"podSelector": {"matchExpressions": [\#(expression)]}}]}]"#)
            #expect(try cluster.passes(client, web))
            #expect(try !cluster.passes(other, web))
        }
    }

    @Test func `an SCTP rule never opens TCP, and isolates`() throws {
        let cluster = try cluster(#""ingress": [{"ports": [{"port": 80, "protocol": "SCTP"}]}]"#)
        #expect(try !cluster.passes(client, web))
        #expect(try cluster.passes(client, web, 80, .sctp))
    }

    @Test func `a pod's own node is let in and reached, other nodes are not`() throws {
        let cluster = try cluster(#""policyTypes": ["Ingress", "Egress"]"#)
        #expect(try cluster.passes("192.168.1.10", web))
        #expect(try !cluster.passes("192.168.1.20", web))
        #expect(try cluster.passes(web, "192.168.1.10"))
        let strict = try self.cluster(
            #""policyTypes": ["Ingress", "Egress"]"#, settings: PolicySettings(restrictsEgressToOwnNode: true))
        #expect(try !strict.passes(web, "192.168.1.10"))
        #expect(try strict.passes("192.168.1.10", web))
    }

    @Test func `a pod reaches itself`() throws {
        #expect(try cluster(#""policyTypes": ["Ingress", "Egress"]"#).passes(web, web))
    }

    @Test func `established flows and errors about them pass, new ones do not`() throws {
        let cluster = try cluster(#""policyTypes": ["Ingress", "Egress"]"#)
        var packet = Packet(source: ip(client), destination: ip(web))
        for (state, passes) in [
            (ConnectionState.established, true), (.related, true), (.new, false), (.invalid, false),
        ] {
            packet.state = state
            #expect(try cluster.outcome(packet).passes == passes)
        }
    }

    @Test(arguments: PolicySettings.ICMP.allCases)
    func `ICMP goes by the setting, and neighbour discovery always passes`(icmp: PolicySettings.ICMP) throws {
        let denies = try cluster(#""ingress": []"#, settings: PolicySettings(icmp: icmp))
        let allows = try cluster(#""ingress": [{}]"#, settings: PolicySettings(icmp: icmp))
        let echo = Packet(source: ip(client), destination: ip(web), transport: 1)
        #expect(try denies.outcome(echo).passes == (icmp == .allowed))
        #expect(try allows.outcome(echo).passes == (icmp != .denied))
        let solicitation = Packet(
            source: ip("fd00:10:244:1::3"), destination: ip("fd00:10:244:1::2"), transport: 58, state: .untracked)
        #expect(try denies.outcome(solicitation).passes)
    }

    @Test func `an address of the node's range that no pod is known to have is neither reached nor heard`() throws {
        let cluster = SampleCluster()
        #expect(try !cluster.passes(client, "10.244.1.77"))
        #expect(try !cluster.passes("10.244.1.77", client))
    }

    @Test func `a pod is isolated with its address, and has no address before`() throws {
        var cluster = try cluster(#""ingress": []"#)
        cluster.tracker.feed(podObject("default", "late", ["app": "web"], []))
        _ = cluster.tracker.takeChanges()
        #expect(try !cluster.passes(client, "10.244.1.9"))
        cluster.tracker.feed(podObject("default", "late", ["app": "web"], ["10.244.1.9"]))
        _ = cluster.tracker.takeChanges()
        #expect(try !cluster.passes(client, "10.244.1.9"))
        cluster.tracker.feed(podObject("default", "late", ["app": "free"], ["10.244.1.9"]))
        _ = cluster.tracker.takeChanges()
        #expect(try cluster.passes(client, "10.244.1.9"))
    }

    @Test func `of pods with one address the isolated one counts, until it is gone`() throws {
        let cluster = try cluster(#""ingress": []"#)
        var tracker = cluster.tracker
        var ruleset = cluster.ruleset("node1")
        func passes(_ change: (inout PolicyTracker) -> Void) throws -> Bool {
            change(&tracker)
            _ = ruleset.update(tracker.takeChanges(), from: tracker)
            return try PacketSimulation(ruleset.tables)
                .outcome(of: Packet(source: ip(client), destination: ip("10.244.1.9")), at: .forward).passes
        }
        #expect(try passes { $0.feed(podObject("default", "open", ["app": "free"], ["10.244.1.9"])) })
        #expect(try !passes { $0.feed(podObject("default", "closed", ["app": "web"], ["10.244.1.9"])) })
        #expect(try passes { $0.removePod(PodReference(namespace: "default", name: "closed")) })
        #expect(try !passes { $0.removePod(PodReference(namespace: "default", name: "open")) })
    }

    @Test func `rules say which policy let a packet pass or stopped it`() throws {
        let cluster = try cluster(#""ingress": [{"from": [{"podSelector": {"matchLabels": {"app": "client"}}}]}]"#)
        let allowed = try cluster.outcome(Packet(source: ip(client), destination: ip(web)))
        #expect(allowed.reasons.last == "default/p ingress[0]")
        let denied = try cluster.outcome(Packet(source: ip(other), destination: ip(web)))
        #expect(denied.reasons.contains("isolated for ingress by default/p"))
    }

    @Test func `what has no meaning is a problem and allows nothing`() throws {
        let cluster = try cluster(#""ingress": [{"from": [{}], "ports": [{"port": 80}]}]"#)
        #expect(cluster.tracker.problems.map(\.reason) == [.noPeer(index: 0)])
        #expect(try !cluster.passes(client, web))
    }
}
