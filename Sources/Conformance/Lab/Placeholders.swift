import Addressing
import Topology

/// What braces in fixtures and mutants stand for, so that the same files do for any lab.
///
/// | placeholder | value |
/// |---|---|
/// | `{node.1}`, `{host.1}` | the name of the first node or host of the lab file |
/// | `{node.1.ip}` | its first address; `.ipv4` and `.ipv6` the one of a family |
/// | `{node.1.pod-cidr.ipv4}` | the range of its pods |
/// | `{pod-cidr.ipv4}` | the cluster's range of pods |
/// | `{service-cidr.ipv4}`, `{service-cidr.ipv4.200}` | the range of Services' addresses; its 200th address; `.ip` in the first family |
/// | `{underlay.ipv4.200}` | the 200th address of the network between nodes and hosts |
/// | `{pod.a1.ip}`, `{pod.a1.ipv4}` | an address of a pod of the suite; `.ipv4.dashed` as names have it |
/// | `{cluster-domain}`, `{dns.ip}` | the cluster's domain; an address of its DNS |
/// | `{service.web.ip}`, `{service.web.ipv4}` | a ClusterIP of a Service of the suite |
/// | `{copy}` | which copy of the manifest it is, where a step applies several |
struct Placeholders {
    private var values: [String: String] = [:]
    /// Ranges of which single addresses can be asked for.
    private var ranges: [String: CIDR] = [:]

    init(_ model: LabModel) {
        self.init(model.spec)
        for service in model.cluster.services where service.namespace == LabModel.fixtureNamespace {
            add("service.\(service.name)", service.clusterIPs)
        }
    }

    init(_ lab: LabSpec) {
        values["cluster-domain"] = lab.cluster.domain
        values["copy"] = CaseStage.copyMark
        add("dns", lab.nameServers)
        for (index, node) in lab.nodes.enumerated() {
            values["node.\(index + 1)"] = node.name
            add("node.\(index + 1)", node.address)
            for block in node.podCIDR { values["node.\(index + 1).pod-cidr.\(block.family.word)"] = "\(block)" }
        }
        for (index, host) in lab.hosts.enumerated() {
            values["host.\(index + 1)"] = host.name
            add("host.\(index + 1)", host.address)
        }
        for block in lab.cluster.podCIDR { add("pod-cidr", block) }
        for block in lab.cluster.serviceCIDR { add("service-cidr", block) }
        for block in lab.underlay.cidr { add("underlay", block) }
        for pod in lab.pods where pod.namespace == LabModel.fixtureNamespace { add("pod.\(pod.name)", pod.address) }
    }

    private mutating func add(_ name: String, _ addresses: [IPAddress]) {
        values["\(name).ip"] = addresses.first.map { "\($0)" }
        for address in addresses {
            values["\(name).\(address.family.word)"] = "\(address)"
            values["\(name).\(address.family.word).dashed"] =
                "\(address)".replacing(".", with: "-").replacing(":", with: "-")
        }
    }

    private mutating func add(_ name: String, _ range: CIDR) {
        values["\(name).\(range.family.word)"] = "\(range)"
        ranges["\(name).\(range.family.word)"] = range
        // The first one is that of the primary family.
        if values["\(name).ip"] == nil {
            values["\(name).ip"] = "\(range)"
            ranges["\(name).ip"] = range
        }
    }

    private func value(_ name: Substring) -> String? {
        if let value = values[String(name)] { return value }
        guard let dot = name.lastIndex(of: "."), let range = ranges[String(name[..<dot])],
            let number = UInt128(name[name.index(after: dot)...]), let address = range.address(at: number)
        else { return nil }
        return "\(address)"
    }

    /// The text with its placeholders replaced; nil where the lab has no value for one of them. Braces around anything
    /// that does not begin as a placeholder are left alone.
    func expand(_ text: String) -> String? {
        var result = ""
        var rest = text[...]
        while let open = rest.firstIndex(of: "{") {
            result += rest[..<open]
            rest = rest[rest.index(after: open)...]
            guard let close = rest.firstIndex(of: "}"), Self.isName(rest[..<close]) else {
                result += "{"
                continue
            }
            guard let value = value(rest[..<close]) else { return nil }
            result += value
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }

    private static func isName(_ text: Substring) -> Bool {
        let beginnings = [
            "node.", "host.", "pod.", "pod-cidr.", "service.", "service-cidr.", "underlay.", "cluster-domain",
            "dns.", "copy",
        ]
        guard beginnings.contains(where: { text.hasPrefix($0) }) else { return false }
        return text.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
        }
    }
}

extension AddressFamily {
    /// `ipv4` or `ipv6`, as files spell it.
    var word: String { self == .ipv4 ? "ipv4" : "ipv6" }
}
