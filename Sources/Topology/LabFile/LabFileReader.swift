import Addressing

/// A lab file as it was read: what it leaves out is still open.
struct LabDraft {
    /// The lab with the ranges' defaults filled in; nodes and hosts may lack addresses, and there are no pods yet.
    var spec: LabSpec
    var pods: [PodManifest]
    /// The paths of the manifests.
    var manifests: [Located<String>]
    var sources: SourceMap
}

/// Reads the keys of a lab file.
struct LabFileReader {
    private let reader: DocumentReader
    private let sources: SourceMap

    private init(_ reader: DocumentReader, _ sources: SourceMap) {
        self.reader = reader
        self.sources = sources
    }

    /// Reads a document, reporting unknown keys, wrong types and malformed values to the reader.
    static func read(_ root: DocumentValue, _ sources: SourceMap, _ reader: DocumentReader) -> LabDraft? {
        guard let table = TableReader(root, reader) else { return nil }
        return LabFileReader(reader, sources).draft(table)
    }

    private func draft(_ root: TableReader) -> LabDraft {
        let name = root.required("name", remedy: "begin the file with name = \"…\"")?.value ?? ""
        let (cluster, underlay) = ranges(root)
        var spec = LabSpec(name: name, cluster: cluster, underlay: underlay)
        spec.components = root.table("components").map(components) ?? Self.usual
        spec.dns = dns(root.table("dns"), spec)
        spec.networkPolicy = networkPolicy(root.table("network-policy"))
        spec.nodes = root.tables("node").map(node)
        spec.hosts = root.tables("host").map(host)
        let draft = LabDraft(
            spec: spec, pods: root.tables("pod").map(PodReader.labPod), manifests: root.strings("manifests") ?? [],
            sources: sources)
        root.refuseUnknownKeys(
            besides: [
                "name", "manifests", "cluster", "underlay", "components", "dns", "network-policy", "node", "pod",
                "host",
            ],
            in: "a lab file")
        return draft
    }

    // MARK: Ranges

    /// The cluster and the underlay. Ranges that are left out follow the families of the pod range.
    private func ranges(_ root: TableReader) -> (ClusterSpec, UnderlaySpec) {
        let cluster = root.table("cluster")
        let underlay = root.table("underlay")
        cluster?.refuseUnknownKeys(besides: ["domain", "pod-cidr", "service-cidr"], in: "the cluster")
        underlay?.refuseUnknownKeys(besides: ["cidr", "mtu"], in: "the underlay")
        let podCIDR = cluster?.cidrs("pod-cidr")?.map(\.value) ?? defaults(["10.244.0.0/16"])
        let families = podCIDR.map(\.family)
        func given(_ values: [Located<CIDR>]?, v4: String, v6: String) -> [CIDR] {
            values?.map(\.value) ?? defaults(families.map { $0 == .ipv4 ? v4 : v6 })
        }
        return (
            ClusterSpec(
                domain: cluster?.string("domain")?.value ?? "cluster.local", podCIDR: podCIDR,
                serviceCIDR: given(cluster?.cidrs("service-cidr"), v4: "10.96.0.0/12", v6: "fd00:10:96::/112")),
            UnderlaySpec(
                cidr: given(underlay?.cidrs("cidr"), v4: "192.168.1.0/24", v6: "fd00:192:168:1::/64"),
                mtu: underlay?.integer("mtu")?.value ?? 1500)
        )
    }

    private func defaults(_ texts: [String]) -> [CIDR] { texts.compactMap { CIDR($0) } }

    // MARK: Components

    /// The components of a lab file that names none.
    private static let usual = ComponentsSpec(dns: .builtin, networkPolicy: .nftables)

    private func components(_ table: TableReader) -> ComponentsSpec {
        var components = Self.usual
        if let network = podNetwork(table) { components.podNetwork = network }
        if table["service-proxy"] != nil {
            let names = ServiceProxyKind.allCases.map(\.rawValue)
            components.serviceProxy = component(table, "service-proxy", builtins: names)
                .flatMap { ServiceProxyKind(rawValue: $0) }
        }
        if table["dns"] != nil {
            components.dns = component(table, "dns", builtins: DNSKind.allCases.map(\.rawValue))
                .flatMap { DNSKind(rawValue: $0) }
        }
        if table["network-policy"] != nil {
            components.networkPolicy = component(
                table, "network-policy", builtins: NetworkPolicyKind.allCases.map(\.rawValue)
            ).flatMap { NetworkPolicyKind(rawValue: $0) }
        }
        table.refuseUnknownKeys(besides: ["pod-network", "service-proxy", "dns", "network-policy"], in: "components")
        return components
    }

    private func podNetwork(_ table: TableReader) -> PodNetworkKind? {
        guard let value = table["pod-network"] else { return nil }
        if case .table = value.content {
            reader.refuse(
                value, "this version of lab has only the built-in pod networks, and runs no CNI plugin or program",
                remedy: "use \"vxlan\" or \"host-gw\"")
            return nil
        }
        guard let name = reader.string(value) else { return nil }
        if let kind = PodNetworkKind(rawValue: name.value) { return kind }
        reader.refuse(
            value, "\(Shown.quoted(name.value)) is not a pod network", remedy: "use \"vxlan\" or \"host-gw\"")
        return nil
    }

    /// A built-in component's name, or nil for none.
    private func component(_ table: TableReader, _ key: String, builtins: [String]) -> String? {
        guard let value = table[key] else { return nil }
        let remedy = "use \(builtins.map { "\"\($0)\"" }.joined(separator: ", ")) or \"none\""
        if case .table = value.content {
            reader.refuse(value, "this version of lab runs no external program as \(key)", remedy: remedy)
            return nil
        }
        guard let name = reader.string(value), name.value != "none" else { return nil }
        if builtins.contains(name.value) { return name.value }
        reader.refuse(value, "\(Shown.quoted(name.value)) is not a built-in \(key)", remedy: remedy)
        return nil
    }

    // MARK: DNS

    private func dns(_ table: TableReader?, _ spec: LabSpec) -> DNSSpec {
        var dns = DNSSpec(serviceCIDR: spec.cluster.serviceCIDR)
        guard let table else { return dns }
        table.refuseUnknownKeys(besides: ["cluster-ip", "upstream", "stub-domains", "pod-records"], in: "dns")
        if let given = clusterIPs(table, spec.cluster.serviceCIDR) { dns.clusterIP = given }
        dns.upstreams = servers(table, "upstream", spec)
        if let domains = table["stub-domains"], let entries = reader.entries(domains),
            let stubs = TableReader(domains, reader)
        {
            for entry in entries {
                if !NameRule.subdomain.permits(entry.key) {
                    reader.refuse(
                        entry.value, "\(Shown.quoted(entry.key)) is not a domain",
                        remedy: "write a domain in lower case, as in \"example.org\" = [\"192.168.1.100\"]")
                }
                dns.stubDomains[entry.key] = servers(stubs, entry.key, spec)
            }
        }
        if let records: DNSSpec.PodRecords = choice("pod-records", of: table) { dns.podRecords = records }
        return dns
    }

    /// One address a family of the Services, in their order.
    private func clusterIPs(_ table: TableReader, _ ranges: [CIDR]) -> [IPAddress]? {
        guard let given = table.addresses("cluster-ip") else { return nil }
        for address in given where !ranges.contains(where: { $0.contains(address.value) }) {
            reader.refuse(
                address.source, "\(address.value) is not in the Services' range",
                remedy: "use an address of \(ranges.map(\.description).joined(separator: " or "))")
        }
        let ordered = ranges.compactMap { range in given.first { range.contains($0.value) }?.value }
        return ordered.isEmpty ? nil : ordered
    }

    /// Name servers that can be asked. A lab has no way out: they have to be in it.
    private func servers(_ table: TableReader, _ key: String, _ spec: LabSpec) -> [IPAddress] {
        let ranges = spec.underlay.cidr + spec.cluster.podCIDR + spec.cluster.serviceCIDR
        let servers = table.addresses(key) ?? []
        for server in servers where !ranges.contains(where: { $0.contains(server.value) }) {
            reader.refuse(
                server.source, "\(server.value) is not in the lab, which has no way out",
                remedy: "use the address of a host or a pod of the lab that runs a DNS server")
        }
        return servers.map(\.value)
    }

    // MARK: Policies

    private func networkPolicy(_ table: TableReader?) -> NetworkPolicySpec {
        var policy = NetworkPolicySpec()
        guard let table else { return policy }
        table.refuseUnknownKeys(besides: ["denial", "icmp", "established-flows"], in: "network-policy")
        if let denial: NetworkPolicySpec.Denial = choice("denial", of: table) { policy.denial = denial }
        if let icmp: NetworkPolicySpec.ICMP = choice("icmp", of: table) { policy.icmp = icmp }
        if let flows: NetworkPolicySpec.EstablishedFlows = choice("established-flows", of: table) {
            policy.establishedFlows = flows
        }
        return policy
    }

    /// One of some words; nil where the key is absent, or its value is refused.
    private func choice<Choice: RawRepresentable & CaseIterable>(_ key: String, of table: TableReader) -> Choice?
    where Choice.RawValue == String {
        guard let text = table.string(key) else { return nil }
        if let choice = Choice(rawValue: text.value) { return choice }
        reader.refuse(
            text.source, "\(Shown.quoted(text.value)) is no \(key.replacing("-", with: " "))",
            remedy: "use " + Choice.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", "))
        return nil
    }

    // MARK: Nodes and hosts

    private func node(_ table: TableReader) -> NodeSpec {
        table.refuseUnknownKeys(besides: ["name", "address", "pod-cidr", "labels"], in: "a node")
        return NodeSpec(
            name: table.required("name", remedy: "name the node, as in name = \"node1\"")?.value ?? "",
            address: table.addresses("address")?.map(\.value) ?? [],
            podCIDR: table.cidrs("pod-cidr")?.map(\.value) ?? [], labels: table.dictionary("labels"))
    }

    private func host(_ table: TableReader) -> HostSpec {
        table.refuseUnknownKeys(besides: ["name", "address"], in: "a host")
        return HostSpec(
            name: table.required("name", remedy: "name the host, as in name = \"client\"")?.value ?? "",
            address: table.addresses("address")?.map(\.value) ?? [])
    }
}
