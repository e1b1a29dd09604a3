/// How the namespaces of a lab are called below /run/netns, so that `ip netns exec` finds them.
///
/// Lab, node and namespace names are DNS labels and have no dot, so no two of these collide; a node cannot be called
/// `underlay` or `control-plane`, and no pod's namespace `host`.
public enum RuntimeName {
    /// `two-node.underlay`
    public static func underlay(lab: String) -> String { "\(lab).underlay" }
    /// `two-node.control-plane`
    public static func controlPlane(lab: String) -> String { "\(lab).control-plane" }
    /// `two-node.node1`
    public static func node(_ node: String, lab: String) -> String { "\(lab).\(node)" }
    /// `two-node.host.client`
    public static func host(_ host: String, lab: String) -> String { "\(lab).host.\(host)" }
    /// `two-node.default.pod-a`
    public static func pod(namespace: String, name: String, lab: String) -> String { "\(lab).\(namespace).\(name)" }
}

/// Names of interfaces, which the kernel holds to 15 bytes.
enum InterfaceName {
    /// The interface in pods, nodes and hosts.
    static let uplink = "eth0"
    /// The bridge of a node's pods.
    static let podBridge = "cni0"
    /// The VXLAN device of a node.
    static let vxlan = "vxlan.1"
    /// The bridge between nodes and hosts, in the underlay's namespace.
    static let underlayBridge = "underlay0"
    /// The loopback.
    static let loopback = "lo"

    /// `veth` and 8 hexadecimal digits that follow from the name of the namespace behind it.
    static func veth(for namespace: String, taken: inout Set<String>) -> String {
        var salt = 0
        while true {
            let name = "veth" + StableHash.digits(salt == 0 ? namespace : "\(namespace)#\(salt)")
            if taken.insert(name).inserted { return name }
            salt += 1
        }
    }

    /// A name for people, up to 127 bytes, of the interface that leads to a namespace: `veth-default.pod-a`.
    ///
    /// It is the namespace's own name without the lab's, since `a.b-c` and `a-b.c` are two pods.
    static func alternative(for namespace: String, lab: String) -> String {
        let name = "veth-\(namespace.dropFirst(lab.utf8.count + 1))"
        guard name.utf8.count > 127 else { return name }
        return "\(String(decoding: name.utf8.prefix(118), as: UTF8.self))-\(StableHash.digits(namespace))"
    }
}

/// A hash that is the same in every run, unlike `Hasher`.
enum StableHash {
    /// FNV-1a with 32 bits.
    static func fnv1a(_ text: String) -> UInt32 {
        text.utf8.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
    }

    /// The hash as 8 hexadecimal digits.
    static func digits(_ text: String) -> String {
        let digits = String(fnv1a(text), radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}
