internal import Addressing
internal import DNSMessage

extension DNSResolver {
    /// Who knows about a name.
    enum Place {
        /// This server; with the address where the name is that of a pod with any address.
        case ours(ZonePlace, pod: IPAddress?)
        /// Others; nobody where empty.
        case others([UpstreamServer])
    }

    /// Where a name is that no answers are kept for, or not of the type in question.
    ///
    /// - Parameter start: where in the message it stands, uncompressed.
    func place(of name: LowercasedName, at start: Int) -> Place {
        let own = zonePlace(of: name, at: start)
        if let stub = stubDomain(of: name), stub.domain.wire.count > own.map({ start + name.count - $0.start }) ?? 0 {
            return .others(stub.servers)
        }
        guard let own else { return .others(settings.upstreams) }
        return .ours(own, pod: own.isReverse ? nil : podAddress(name))
    }

    private static let arpa = [4] + Array("arpa".utf8) + [0]

    private func stubDomain(of name: LowercasedName) -> StubDomain? {
        guard !settings.stubDomains.isEmpty, let name = DomainName(wire: Array(name.bytes)) else { return nil }
        return settings.stubDomains.filter { name.isEqual(orBelow: $0.domain) }
            .max { $0.domain.wire.count < $1.domain.wire.count }
    }

    private func zonePlace(of name: LowercasedName, at start: Int) -> ZonePlace? {
        if let prefix = name.prefixLength(before: zone) {
            return ZonePlace(start: start + prefix, isReverse: false, isApex: prefix == 0)
        }
        guard name.prefixLength(before: Self.arpa) != nil,
            let block = DomainName(wire: Array(name.bytes))?.reverseBlock, let depth = reverseZones.depth(of: block)
        else { return nil }
        var prefix = 0
        for _ in 0..<depth { prefix += 1 + Int(name.buffer[prefix]) }
        return ZonePlace(start: start + prefix, isReverse: true, isApex: depth == 0)
    }

    /// The address in a name of the form a-b-c-d.namespace.pod.zone, where the namespace exists.
    private func podAddress(_ name: LowercasedName) -> IPAddress? {
        guard let podParent, let prefix = name.prefixLength(before: podParent), prefix > 0 else { return nil }
        let label = name.buffer[1..<1 + Int(name.buffer[0])]
        let namespace = 1 + label.count
        guard namespace < prefix, namespace + 1 + Int(name.buffer[namespace]) == prefix else { return nil }
        let parent = UnsafeRawBufferPointer(rebasing: name.bytes[namespace...])
        guard answers.answers(of: parent) != nil else { return nil }
        let dashes = label.count { $0 == UInt8(ascii: "-") }
        let text = String(decoding: label, as: UTF8.self)
        let isIPv4 = dashes == 3 && !text.contains("--")
        return IPAddress(String(text.map { $0 == "-" ? (isIPv4 ? "." : ":") : $0 }))
    }
}

/// A zone that this server is the authority for, in a message.
struct ZonePlace {
    /// Where its name begins: the end of the question's name or of another one.
    let start: Int
    /// Whether it is one of those that lead from addresses to names.
    let isReverse: Bool
    /// Whether the name in question is the zone's own.
    let isApex: Bool
}
