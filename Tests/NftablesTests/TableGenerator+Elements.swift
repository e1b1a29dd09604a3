import Addressing
import TestSupport

@testable import Nftables

extension TableGenerator {
    mutating func set(_ name: String, _ key: [DataType], _ flags: SetFlags) -> NamedSet {
        NamedSet(
            name, key: key, flags: flags, timeout: flags.contains(.timeout) && flip() ? 7200 : nil,
            size: size(flags), comment: comment(), elements: elements(key, flags))
    }

    mutating func map(
        _ name: String, _ key: [DataType], _ content: NamedMap.Content, _ flags: SetFlags
    ) -> NamedMap {
        // Packets give data, not verdicts.
        let flags = content == .verdict ? flags.subtracting(.dynamic) : flags
        return NamedMap(
            name, key: key, content: content, flags: flags,
            timeout: flags.contains(.timeout) && flip() ? 7200 : nil, size: size(flags), comment: comment(),
            elements: elements(key, flags).map { element in
                MapElement(
                    element.key, target(content), keyEnd: element.keyEnd, timeout: element.timeout,
                    comment: element.comment)
            })
    }

    /// The kernel gives a dynamic set a size of its own once a rule adds to it.
    private mutating func size(_ flags: SetFlags) -> UInt32? { flags.contains(.dynamic) || flip() ? 4000 : nil }

    mutating func target(_ content: NamedMap.Content) -> MapElement.Target {
        switch content {
        case .verdict: .verdict(verdict())
        case .data(let types): .data(types.map { value(of: $0) })
        }
    }

    /// Elements that go together with each other and with others.
    mutating func elements(_ key: [DataType], _ flags: SetFlags, with others: [SetElement] = []) -> [SetElement] {
        var elements = others
        for _ in 0..<Int.random(in: 0...5, using: &generator) {
            let element = element(key, flags)
            if !elements.contains(where: { $0.overlaps(element) }) { elements.append(element) }
        }
        return Array(elements.dropFirst(others.count))
    }

    private mutating func element(_ key: [DataType], _ flags: SetFlags) -> SetElement {
        let timeout = flags.contains(.timeout) && flip() ? UInt32.random(in: 3600...100_000, using: &generator) : nil
        guard flags.contains(.interval) else {
            return SetElement(key.map { value(of: $0) }, timeout: timeout, comment: comment())
        }
        if flip() { return SetElement(key.map { block(of: $0) }, comment: comment()) }
        let pairs = key.map { type in
            let pair = [value(of: type), flip() ? value(of: type) : nil].compactMap { $0 }
            let sorted = pair.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
            return (sorted.first ?? .port(0), sorted.last ?? .port(0))
        }
        return SetElement(pairs.map(\.0), keyEnd: pairs.map(\.1), comment: comment())
    }

    mutating func value(of type: DataType) -> Value {
        switch type {
        case .ipv4Address:
            .address(.v4(IPv4Address(rawValue: .random(in: 1...UInt32.max, using: &generator))))
        case .ipv6Address:
            .address(.v6(IPv6Address(rawValue: .random(in: 1...UInt128.max, using: &generator))))
        case .transportProtocol: .transportProtocol(.random(in: 0...255, using: &generator))
        case .port: .port(.random(in: 0...65535, using: &generator))
        case .mark: .mark(.random(in: 0...UInt32.max, using: &generator))
        case .addressType: .addressType(pick(Value.AddressType.allCases, or: .local))
        case .connectionState:
            .connectionState(pick([.new, .established, .related, .invalid, .untracked], or: .new))
        case .connectionStatus: .connectionStatus(pick([.destinationNAT, .sourceNAT, .assured], or: .assured))
        case .interfaceName: .interface(pick(["eth0", "cni0", "veth0123456789a", "a"], or: "eth0"))
        }
    }

    /// A value; an address becomes a block in half of the cases.
    mutating func block(of type: DataType, longest: Int = 128) -> Value {
        let value = value(of: type)
        guard case .address(let address) = value, flip() else { return value }
        let length = Int.random(in: 1...min(longest, address.family.bitWidth), using: &generator)
        return CIDR(containing: address, prefixLength: length).map(Value.prefix) ?? value
    }
}

extension SetElement {
    /// Whether a key can be in both, by the first field alone: the kernel refuses ranges that share keys.
    fileprivate func overlaps(_ other: SetElement) -> Bool {
        let isRange = [self, other].contains { element in
            element.keyEnd != nil || element.key.contains { if case .prefix = $0 { true } else { false } }
        }
        guard isRange else { return key == other.key }
        guard let (low, high) = bounds, let (otherLow, otherHigh) = other.bounds else { return false }
        return !high.lexicographicallyPrecedes(otherLow) && !otherHigh.lexicographicallyPrecedes(low)
    }

    private var bounds: (low: [UInt8], high: [UInt8])? {
        guard let first = key.first, let last = (keyEnd ?? key).first else { return nil }
        if case .prefix(let block) = last { return (first.bytes, block.last.bytes) }
        return (first.bytes, last.bytes)
    }
}
