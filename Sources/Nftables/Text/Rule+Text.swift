extension Rule: CustomStringConvertible {
    /// nft's text, in one line.
    public var description: String { text(in: nil) }

    /// The text for a table of a family.
    func text(in family: TableFamily?) -> String {
        let words = statements.map { $0.text(in: family) } + (comment.map { ["comment \"\($0)\""] } ?? [])
        return words.joined(separator: " ")
    }
}

extension Statement: CustomStringConvertible {
    /// nft's text; where it depends on the table's family, as an inet table has it.
    public var description: String { text(in: nil) }

    /// The text for a table of a family.
    func text(in family: TableFamily?) -> String {
        switch self {
        case .match(let expression, let comparison, let value):
            "\(expression) \(comparison.prefix(to: value))\(value)"
        case .matchMark(let bits, let isSet):
            "meta mark & \(Value.mark(bits)) \(isSet ? "!=" : "==") 0x0"
        case .lookup(let key, let comparison, let set):
            "\(key.concatenation()) \(comparison.prefix)@\(set)"
        case .counter:
            "counter"
        case .setMark(let bits):
            "meta mark set meta mark | \(Value.mark(bits))"
        case .clearMark(let bits):
            "meta mark set meta mark & \(Value.mark(~bits))"
        case .update(let set, let key, let timeout):
            "update @\(set) { \(key.concatenation())\(Self.text(ofTimeout: timeout)) }"
        case .updateMapFromPacket(let name, let key, let timeout, let data):
            "update @\(name) { \(key.concatenation())\(Self.text(ofTimeout: timeout)) : \(data.concatenation()) }"
        case .updateMap(let name, let key, let timeout, let dataKey, let map):
            "update @\(name) { \(key.concatenation())\(Self.text(ofTimeout: timeout)) : "
                + "\(dataKey.concatenation()) map @\(map) }"
        case .verdict(let verdict):
            "\(verdict)"
        case .verdictMap(let key, let map):
            "\(key.concatenation()) vmap @\(map)"
        case .anonymousVerdictMap(let expression, let elements):
            "\(expression) vmap { " + elements.map { "\($0.value) : \($0.verdict)" }.joined(separator: ", ") + " }"
        case .reject(let rejection):
            rejection.text(in: family ?? .inet)
        case .destinationNAT(let networkProtocol, let key, let map):
            "dnat \(networkProtocol.rawValue) to \(key.concatenation()) map @\(map)"
        case .destinationNATTo(let address, let port):
            "dnat \(NetworkProtocol(address.family).rawValue) to "
                + (port.map { address.withPort($0) } ?? "\(address)")
        case .masquerade:
            "masquerade"
        case .masqueradeFullyRandom:
            "masquerade fully-random"
        }
    }

    private static func text(ofTimeout timeout: UInt32?) -> String { timeout.map { " timeout \($0)s" } ?? "" }
}

extension Statement.Comparison {
    /// The operator in front of a set; nft leaves `==` out.
    fileprivate var prefix: String { self == .equal ? "" : "!= " }

    /// The operator in front of a value: of bits, nft asks for none of them by `!`.
    fileprivate func prefix(to value: Value) -> String {
        switch value {
        case .connectionState, .connectionStatus: self == .equal ? "" : "! "
        default: prefix
        }
    }
}

extension Statement.Rejection {
    fileprivate func text(in family: TableFamily) -> String {
        switch self {
        case .portUnreachable: "reject"
        case .reset: "reject with tcp reset"
        case .adminProhibited:
            switch family {
            case .ip: "reject with icmp type admin-prohibited"
            case .ip6: "reject with icmpv6 type admin-prohibited"
            case .inet: "reject with icmpx type admin-prohibited"
            }
        }
    }
}
