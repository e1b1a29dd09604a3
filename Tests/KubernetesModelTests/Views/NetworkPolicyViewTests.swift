import Addressing
import KubernetesModel
import Testing

@Suite("NetworkPolicy view")
struct NetworkPolicyViewTests {
    private func policy(_ spec: String) throws -> NetworkPolicy {
        NetworkPolicy(APIObject(.networkPolicies, name: "p", ["spec": try JSONValue(parsing: spec)]))
    }

    @Test(
        "policyTypes: what is given, else ingress, and egress where there are egress rules",
        arguments: [
            (#"{}"#, [.ingress]), (#"{"policyTypes":[]}"#, [.ingress]), (#"{"egress":[]}"#, [.ingress]),
            (#"{"egress":[{}]}"#, [.ingress, .egress]), (#"{"policyTypes":["Egress"]}"#, [.egress]),
            (#"{"policyTypes":["Ingress"],"egress":[{}]}"#, [.ingress]),
        ] as [(String, Set<NetworkPolicy.Direction>)])
    func directions(spec: String, expected: Set<NetworkPolicy.Direction>) throws {
        #expect(try policy(spec).directions == expected)
    }

    @Test(
        "peers: absent and empty selectors differ, and what is none matches nobody",
        arguments: [
            (#"{"podSelector":{}}"#, .pods(LabelSelector(), namespaces: nil)),
            (#"{"namespaceSelector":{}}"#, .pods(nil, namespaces: LabelSelector())),
            (
                #"{"podSelector":{"matchLabels":{"a":"b"}},"namespaceSelector":{}}"#,
                .pods(LabelSelector(labels: ["a": "b"]), namespaces: LabelSelector())
            ),
            (#"{"podSelector":null,"namespaceSelector":{}}"#, .pods(nil, namespaces: LabelSelector())),
            (#"{}"#, .malformed), (#"{"ipBlock":{"cidr":"10.0.0.0/8"},"podSelector":{}}"#, .malformed),
            (#"{"ipBlock":{}}"#, .malformed), (#"{"ipBlock":{"cidr":"10.0.0.0/8","except":["x"]}}"#, .malformed),
        ] as [(String, NetworkPolicy.Peer)])
    func peers(text: String, expected: NetworkPolicy.Peer) throws {
        #expect(try policy(#"{"ingress":[{"from":[\#(text)]}]}"#).ingress.first?.peers == [expected])
        #expect(try policy(#"{"egress":[{"to":[\#(text)]}]}"#).egress.first?.peers == [expected])
    }

    @Test("a block has its exceptions, and bits behind the prefix do not matter")
    func block() throws {
        let peers = try policy(
            #"{"egress":[{"to":[{"ipBlock":{"cidr":"10.0.0.7/8","except":["10.1.0.0/16","10.2.0.0/16"]}}]}]}"#
        ).egress.first?.peers
        let blocks = ["10.0.0.0/8", "10.1.0.0/16", "10.2.0.0/16"].compactMap { CIDR($0) }
        #expect(peers == [.block(blocks[0], except: Array(blocks[1...]))])
    }

    @Test(
        "ports: numbers, ranges, names and whole protocols; what is none matches nothing",
        arguments: [
            (#"{}"#, .all(.tcp)), (#"{"protocol":"UDP"}"#, .all(.udp)), (#"{"port":80}"#, .range(.tcp, 80...80)),
            (#"{"port":80,"endPort":90,"protocol":"SCTP"}"#, .range(.sctp, 80...90)),
            (#"{"port":80,"endPort":80}"#, .range(.tcp, 80...80)),
            (#"{"port":"dns","protocol":"UDP"}"#, .named(.udp, "dns")),
            (#"{"port":80,"endPort":79}"#, .malformed), (#"{"port":"dns","endPort":90}"#, .malformed),
            (#"{"endPort":90}"#, .malformed), (#"{"port":70000}"#, .malformed),
            (#"{"port":80,"endPort":70000}"#, .malformed),
            (#"{"port":80,"protocol":"ICMP"}"#, .malformed), (#"{"port":true}"#, .malformed),
        ] as [(String, NetworkPolicy.Port)])
    func ports(text: String, expected: NetworkPolicy.Port) throws {
        #expect(try policy(#"{"ingress":[{"ports":[\#(text)]}]}"#).ingress.first?.ports == [expected])
    }

    @Test(
        "policies of any shape are read without harm",
        arguments: ["null", "[]", "{}", #"{"spec":[]}"#, #"{"spec":{"ingress":{},"egress":7,"policyTypes":[1]}}"#])
    func nonsense(text: String) throws {
        let policy = NetworkPolicy(APIObject(try JSONValue(parsing: text)))
        #expect(policy.ingress.isEmpty && policy.egress.isEmpty && policy.directions == [.ingress])
    }

    @Test("a namespace always has the label that tells its name")
    func namespace() {
        #expect(Namespace(APIObject(.namespaces, name: "shop")).labels == ["kubernetes.io/metadata.name": "shop"])
        let forged = Namespace(name: "shop", labels: ["kubernetes.io/metadata.name": "other", "a": "b"])
        #expect(forged.labels == ["kubernetes.io/metadata.name": "shop", "a": "b"])
    }
}
