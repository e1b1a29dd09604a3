extension Value: CustomStringConvertible {
    /// nft's text.
    public var description: String {
        switch self {
        case .address(let address): "\(address)"
        case .prefix(let block): "\(block)"
        case .transportProtocol(let number): Self.name(ofProtocol: number)
        case .port(let port): "\(port)"
        case .mark(let mark): "0x\(String(mark, radix: 16))"
        case .addressType(let type): type.rawValue
        case .connectionState(let state): state.description
        case .connectionStatus(let status): status.description
        case .interface(let name): "\"\(name)\""
        }
    }

    /// nft's text at an end of a range: the names of protocols have a hyphen of their own.
    var endText: String {
        if case .transportProtocol(let number) = self { "\(number)" } else { description }
    }

    /// nft knows the names of /etc/protocols; only those that every system has are used.
    private static func name(ofProtocol number: UInt8) -> String {
        switch number {
        case 6: "tcp"
        case 17: "udp"
        case 132: "sctp"
        default: "\(number)"
        }
    }
}

extension PacketExpression: CustomStringConvertible {
    /// nft's text.
    public var description: String {
        switch self {
        case .sourceAddress(let networkProtocol): "\(networkProtocol.rawValue) saddr"
        case .destinationAddress(let networkProtocol): "\(networkProtocol.rawValue) daddr"
        case .transportProtocol: "meta l4proto"
        case .sourcePort: "th sport"
        case .destinationPort: "th dport"
        case .mark: "meta mark"
        case .destinationAddressType: "fib daddr type"
        case .sourceAddressType: "fib saddr type"
        case .connectionState: "ct state"
        case .connectionStatus: "ct status"
        case .originalDestinationAddress(let networkProtocol): "ct original \(networkProtocol.rawValue) daddr"
        case .originalDestinationPort: "ct original proto-dst"
        case .inputInterface: "iifname"
        case .outputInterface: "oifname"
        case .random(let modulus): "numgen random mod \(modulus)"
        }
    }
}

extension Verdict: CustomStringConvertible {
    /// nft's text.
    public var description: String {
        switch self {
        case .accept: "accept"
        case .drop: "drop"
        case .return: "return"
        case .jump(let chain): "jump \(chain)"
        case .goto(let chain): "goto \(chain)"
        }
    }
}

extension Sequence {
    /// The fields as nft writes a concatenation.
    func concatenation<Field>() -> String where Element == Field, Field: CustomStringConvertible {
        map(\.description).joined(separator: " . ")
    }
}

extension DataType: CustomStringConvertible {
    /// nft's text.
    public var description: String { rawValue }
}
