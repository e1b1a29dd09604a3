import Addressing
import Topology

extension LabNeeds {
    /// Reads the table `needs`.
    init(_ table: TableReader?) {
        self.init()
        guard let table else { return }
        table.refuseUnknownKeys(
            besides: ["nodes", "hosts", "families", "pod-network", "service-proxy", "dns", "network-policy"],
            in: "needs")
        dns = Self.component("dns", of: table, "DNS server")
        networkPolicy = Self.component("network-policy", of: table, "policy engine")
        nodes = table.integer("nodes")?.value ?? 0
        hosts = table.integer("hosts")?.value ?? 0
        families = (table.strings("families") ?? []).compactMap { AddressFamily(named: $0, table.reader) }
        serviceProxy = Self.component("service-proxy", of: table, "service proxy")
        guard let text = table.string("pod-network") else { return }
        podNetwork = PodNetworkKind(rawValue: text.value)
        if podNetwork == nil {
            let known = PodNetworkKind.allCases.map(\.rawValue).joined(separator: " or ")
            table.reader.refuse(text.source, "\(Shown.quoted(text.value)) is no pod network", remedy: "use \(known)")
        }
    }

    /// A role's need: `true` for any component, or a name.
    private static func component<Kind: CaseIterable>(
        _ key: String, of table: TableReader, _ role: String
    ) -> ComponentNeed<Kind>? {
        guard let value = table[key] else { return nil }
        if case .string(let name) = value.content {
            if let kind = Kind(rawValue: name) { return .kind(kind) }
            let known = Kind.allCases.map(\.rawValue).joined(separator: " or ")
            table.reader.refuse(value, "\(Shown.quoted(name)) is no \(role)", remedy: "use true for any, or \(known)")
            return nil
        }
        guard let isNeeded = table.boolean(key) else { return nil }
        return isNeeded.value ? .any : nil
    }
}

extension AddressFamily {
    /// Reads `ipv4` or `ipv6`; anything else is reported.
    init?(named text: Located<String>, _ reader: DocumentReader) {
        switch text.value {
        case "ipv4": self = .ipv4
        case "ipv6": self = .ipv6
        default:
            reader.refuse(text.source, "\(Shown.quoted(text.value)) is no family", remedy: "use ipv4 or ipv6")
            return nil
        }
    }
}
