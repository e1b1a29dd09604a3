internal import Addressing
internal import Topology

/// The files that a pod's processes see instead of the host's, and what the command line has to know of the pod.
enum PodFiles {
    static func write(_ pod: PodSpec, of lab: LabSpec, to directory: PodDirectory) throws(StateError) {
        let files = [
            (directory.containers, PodSurroundings(pod).encoded), (directory.hosts, Array(hosts(pod).utf8)),
            (directory.resolverConfiguration, Array(resolverConfiguration(pod, lab).utf8)),
        ]
        // Nobody reads in a directory that was not there.
        let isNew = try StateFile.createDirectory(directory.path)
        for (path, contents) in files {
            if isNew { try StateFile.write(path, contents) } else { try StateFile.replace(path, with: contents) }
        }
    }

    /// The files that programs on nodes and outside hosts see: everybody on the underlay by name, and no name server.
    static func writeShared(_ lab: LabSpec, to directory: LabDirectory) throws(StateError) {
        var lines = localHosts
        lines += lab.nodes.flatMap { node in node.address.map { "\($0)\t\(node.name)" } }
        lines += lab.hosts.flatMap { host in host.address.map { "\($0)\t\(host.name)" } }
        try StateFile.replace(directory.hosts, with: Array((lines.joined(separator: "\n") + "\n").utf8))
        try StateFile.replace(directory.resolverConfiguration, with: Array("# this lab has no name server\n".utf8))
    }

    private static let localHosts = ["127.0.0.1\tlocalhost", "::1\tlocalhost ip6-localhost ip6-loopback"]

    /// As the kubelet writes it.
    static func hosts(_ pod: PodSpec) -> String {
        var lines = localHosts
        lines += pod.address.map { "\($0)\t\(pod.hostNetwork ? pod.node : pod.name)" }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The search path of a pod with dnsPolicy ClusterFirst. A lab without a DNS server has no name server, and a
    /// resolver without one asks the pod's own loopback: names never reach the host's resolver.
    static func resolverConfiguration(_ pod: PodSpec, _ lab: LabSpec) -> String {
        let domain = lab.cluster.domain
        return "search \(pod.namespace).svc.\(domain) svc.\(domain) \(domain)\noptions ndots:5\n"
    }
}
