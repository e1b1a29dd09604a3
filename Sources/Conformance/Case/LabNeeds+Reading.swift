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
        dns = Self.dns(table)
        networkPolicy = table.boolean("network-policy")?.value ?? false
        nodes = table.integer("nodes")?.value ?? 0
        hosts = table.integer("hosts")?.value ?? 0
        families = (table.strings("families") ?? []).compactMap { AddressFamily(named: $0, table.reader) }
        serviceProxy = Self.serviceProxy(table)
        guard let text = table.string("pod-network") else { return }
        podNetwork = PodNetworkKind(rawValue: text.value)
        if podNetwork == nil {
            let known = PodNetworkKind.allCases.map(\.rawValue).joined(separator: " or ")
            table.reader.refuse(text.source, "\(Shown.quoted(text.value)) is no pod network", remedy: "use \(known)")
        }
    }

    /// `true` for any, or a name.
    private static func dns(_ table: TableReader) -> DNSNeed? {
        guard let value = table["dns"] else { return nil }
        if case .string(let name) = value.content {
            if let kind = DNSKind(rawValue: name) { return .kind(kind) }
            let known = DNSKind.allCases.map(\.rawValue).joined(separator: " or ")
            table.reader.refuse(
                value, "\(Shown.quoted(name)) is no DNS server", remedy: "use true for any, or \(known)")
            return nil
        }
        guard let isNeeded = table.boolean("dns") else { return nil }
        return isNeeded.value ? .any : nil
    }

    /// `true` for any, or a name.
    private static func serviceProxy(_ table: TableReader) -> ServiceProxyNeed? {
        guard let value = table["service-proxy"] else { return nil }
        if case .string(let name) = value.content {
            if let kind = ServiceProxyKind(rawValue: name) { return .kind(kind) }
            let known = ServiceProxyKind.allCases.map(\.rawValue).joined(separator: " or ")
            table.reader.refuse(
                value, "\(Shown.quoted(name)) is no service proxy", remedy: "use true for any, or \(known)")
            return nil
        }
        guard let isNeeded = table.boolean("service-proxy") else { return nil }
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
