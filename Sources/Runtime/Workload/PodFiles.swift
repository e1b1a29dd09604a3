internal import Addressing
internal import Topology

/// The files that the processes of a lab's pods see instead of the host's, and what the command line has to know of the pods.
struct PodFiles {
    private let lab: LabSpec
    /// How pods reach the cluster's DNS.
    private let cluster: ClusterResolver
    /// What programs on nodes and outside hosts see.
    private let nodeHosts: String
    private let nodeResolver: ResolverConfiguration
    private let fault: DNSFault?

    init(_ lab: LabSpec) {
        self.lab = lab
        fault = lab.components.dnsFault.flatMap { DNSFault(rawValue: $0) }
        cluster = ClusterResolver(domain: lab.cluster.domain, nameServers: lab.nameServers)
        var lines = ["127.0.0.1\tlocalhost", "::1\tlocalhost ip6-localhost ip6-loopback"]
        lines += lab.nodes.flatMap { node in node.address.map { "\($0)\t\(node.name)" } }
        lines += lab.hosts.flatMap { host in host.address.map { "\($0)\t\(host.name)" } }
        nodeHosts = lines.joined(separator: "\n") + "\n"
        nodeResolver = ResolverConfiguration(nameServers: lab.dns.upstreams)
    }

    /// Writes the files of one pod.
    func write(_ pod: PodSpec, to directory: PodDirectory) throws(StateError) {
        let surroundings = PodSurroundings(pod, clusterDomain: lab.cluster.domain)
        let files = [
            (directory.containers, surroundings.encoded), (directory.hosts, Array(hosts(pod).utf8)),
            (directory.resolverConfiguration, Array(resolver(pod).configuration.text.utf8)),
        ]
        // Nobody reads in a directory that was not there.
        let isNew = try StateFile.createDirectory(directory.path)
        for (path, contents) in files {
            if isNew { try StateFile.write(path, contents) } else { try StateFile.replace(path, with: contents) }
        }
    }

    /// Writes the files of programs on nodes and outside hosts: everybody on the underlay by name, and the name servers
    /// of the lab that the cluster's DNS asks too.
    func writeShared(to directory: LabDirectory) throws(StateError) {
        try StateFile.replace(directory.hosts, with: Array(nodeHosts.utf8))
        let text = lab.dns.upstreams.isEmpty ? "# this lab's nodes have no name server\n" : nodeResolver.text
        try StateFile.replace(directory.resolverConfiguration, with: Array(text.utf8))
    }

    /// As the kubelet writes it.
    func hosts(_ pod: PodSpec) -> String {
        let naming = naming(of: pod)
        guard !pod.hostNetwork else { return HostsFile(naming, node: nodeHosts).text }
        let hostname = PodHostname(
            naming, podName: pod.name, namespace: pod.namespace, clusterDomain: lab.cluster.domain)
        return HostsFile(naming, hostname: hostname, addresses: pod.address).text
    }

    /// As the kubelet makes it, with what it had to leave out. In a lab without a DNS server there is no name server, and a
    /// resolver without one asks the pod's own loopback: names never reach the host's resolver.
    func resolver(_ pod: PodSpec) -> (configuration: ResolverConfiguration, problems: [String]) {
        var resolver = ResolverConfiguration.of(
            naming(of: pod), namespace: pod.namespace, hostNetwork: pod.hostNetwork, cluster: cluster,
            node: nodeResolver)
        switch fault {
        case .withoutSearchPath: resolver.configuration.searches = []
        case .shortSearchPath: resolver.configuration.searches = Array(resolver.configuration.searches.prefix(6))
        default: break
        }
        return resolver
    }

    private func naming(of pod: PodSpec) -> PodNaming {
        var naming = pod.naming ?? PodNaming()
        switch fault {
        case .ignoresPolicy: (naming.policy, naming.configuration) = (.clusterFirst, nil)
        case .ignoresHostAliases: naming.hostAliases = []
        default: break
        }
        return naming
    }
}
