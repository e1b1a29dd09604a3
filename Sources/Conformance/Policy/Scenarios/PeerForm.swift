import KubernetesModel

/// A way to write a peer down, from the API's point of view.
struct PeerForm {
    /// Its part of ids.
    let id: String
    /// Its part of titles, after "a rule for".
    let words: String
    /// The behaviours that it shows.
    let proves: [String]
    /// The peers: one, or the same for each family of addresses.
    let peers: [JSONValue]

    /// By pods and namespaces: each selector absent, empty or with labels, but for both absent.
    static let selectors: [PeerForm] = [
        form("nil", "empty", "all namespaces", nil, [:]),
        form("nil", "labels", "namespaces with a label", nil, .labels(["ns": "y"])),
        form("empty", "nil", "all pods of the policy's namespace", [:], nil),
        form("empty", "empty", "all pods of all namespaces", [:], [:]),
        form("empty", "labels", "all pods of namespaces with a label", [:], .labels(["ns": "z"])),
        form("labels", "nil", "pods with a label in the policy's namespace", .labels(["pod": "b"]), nil),
        form("labels", "empty", "pods with a label in all namespaces", .labels(["pod": "c"]), [:]),
        form(
            "labels", "labels", "pods with a label in namespaces with a label", .labels(["pod": "b"]),
            .labels(["ns": "y"])),
    ]

    private static func form(
        _ pods: String, _ namespaces: String, _ words: String, _ podSelector: JSONValue?,
        _ namespaceSelector: JSONValue?
    ) -> PeerForm {
        PeerForm(
            id: "pods-\(pods)-namespaces-\(namespaces)", words: words,
            proves: podSelector != nil && namespaceSelector != nil ? ["G6", "G7"] : ["G6"],
            peers: [.peer(podSelector, namespaces: namespaceSelector)])
    }

    /// By addresses, in all families of a world.
    static func addresses(in world: PolicyWorld) -> [PeerForm] {
        let blocks = world.families.compactMap { world.blocks(around: PolicyWorld.pod("z", "c"), $0) }
        return [
            PeerForm(
                id: "block", words: "a block of addresses", proves: ["G14"], peers: blocks.map { .block($0.loose) }),
            PeerForm(
                id: "block-except", words: "a block of addresses with an exception", proves: ["G14"],
                peers: blocks.map { .block($0.node, except: [$0.tight]) }),
        ]
    }
}
