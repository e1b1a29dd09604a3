public import Addressing

/// What hosts(5) tells the resolver of a pod's programs, as the kubelet writes it.
public struct HostsFile: Hashable, Sendable {
    /// The file's contents.
    public let text: String

    /// The file of a pod with a network of its own: its names by each of its addresses.
    public init(_ naming: PodNaming, hostname: PodHostname, addresses: [IPAddress]) {
        let own = [hostname.fullName, hostname.name].compactMap(\.self).joined(separator: "\t")
        var lines = ["# Kubernetes-managed hosts file.", "127.0.0.1\tlocalhost"]
        lines += ["::1\tlocalhost ip6-localhost ip6-loopback", "fe00::0\tip6-localnet", "fe00::0\tip6-mcastprefix"]
        lines += ["fe00::1\tip6-allnodes", "fe00::2\tip6-allrouters"]
        lines += addresses.map { "\($0)\t\(own)" }
        text = Self.text(lines, naming.hostAliases)
    }

    /// The file of a pod in its node's network: the node's, and the pod's aliases.
    public init(_ naming: PodNaming, node: String) {
        let lines = ["# Kubernetes-managed hosts file (host network)."] + node.split(separator: "\n").map(String.init)
        text = Self.text(lines, naming.hostAliases)
    }

    private static func text(_ lines: [String], _ aliases: [PodNaming.HostAlias]) -> String {
        var lines = lines
        if !aliases.isEmpty { lines += ["", "# Entries added by HostAliases."] }
        lines += aliases.map { "\($0.address)\t\($0.names.joined(separator: "\t"))" }
        return lines.map { $0 + "\n" }.joined()
    }
}
