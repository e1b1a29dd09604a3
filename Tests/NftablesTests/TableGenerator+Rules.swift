import Addressing
import TestSupport

@testable import Nftables

extension TableGenerator {
    /// A rule of the table's chains whose base is given, with the sets and maps for each of the keys.
    mutating func rule(
        _ keys: [[PacketExpression]], _ sets: [NamedSet], _ maps: [NamedMap], _ base: BaseChain?
    ) -> Rule {
        var statements = (0..<Int.random(in: 0...2, using: &generator)).flatMap { _ in condition() }
        guard let index = keys.indices.randomElement(using: &generator) else {
            // Chains without a hook can be reached from any.
            return Rule(statements + [flip() ? .verdict(pick([.accept, .drop, .return], or: .drop)) : anonymousMap()])
        }
        switch Int.random(in: 0...5, using: &generator) {
        case 0:
            let comparison = pick(Statement.Comparison.allCases, or: .equal)
            statements.append(.lookup(keys[index], comparison: comparison, set: sets[index].name))
            statements.append(.verdict(verdict()))
        case 1 where maps[index].content == .verdict:
            statements.append(.verdictMap(keys[index], map: maps[index].name))
        case 2: statements.append(anonymousMap())
        case 3: statements.append(contentsOf: update(keys, sets, maps))
        case 4: statements.append(contentsOf: ending(base))
        default: statements.append(.verdict(verdict()))
        }
        return Rule(statements, comment: comment())
    }

    private mutating func condition() -> [Statement] {
        let comparison = pick(Statement.Comparison.allCases, or: .equal)
        let networkProtocol = networkProtocol()
        let tcp = Statement.match(.transportProtocol, .transportProtocol(6))
        switch Int.random(in: 0...7, using: &generator) {
        case 0:
            let expression = pick(
                [PacketExpression.sourceAddressType, .destinationAddressType], or: .sourceAddressType)
            return [.match(expression, comparison: comparison, value(of: .addressType))]
        case 1:
            let states: [ConnectionState] = [.new, [.established, .related], .invalid, [.new, .untracked]]
            return [.match(.connectionState, comparison: comparison, .connectionState(pick(states, or: .new)))]
        case 2:
            let status: [ConnectionStatus] = [.destinationNAT, [.sourceNAT, .assured], .seenReply, .dying]
            return [.match(.connectionStatus, comparison: comparison, .connectionStatus(pick(status, or: .dying)))]
        case 3:
            let name = pick(["eth0", "cni*", "veth0123456789*", "lo"], or: "lo")
            let expression = pick([PacketExpression.inputInterface, .outputInterface], or: .inputInterface)
            return [.match(expression, comparison: comparison, .interface(name))]
        case 4: return [.matchMark(bits: .random(in: 1...UInt32.max, using: &generator), isSet: flip())]
        case 5:
            return flip()
                ? [.setMark(bits: .random(in: 1...UInt32.max, using: &generator))]
                : [.clearMark(bits: .random(in: 1..<UInt32.max, using: &generator)), .counter]
        case 6:
            return [
                tcp, .match(.originalDestinationPort, comparison: comparison, value(of: .port)),
                .match(
                    .random(modulus: 1 << 31), comparison: comparison,
                    .mark(.random(in: 0..<1 << 31, using: &generator))),
            ]
        default:
            let expressions: [PacketExpression] = [
                .sourceAddress(networkProtocol), .destinationAddress(networkProtocol), .transportProtocol, .sourcePort,
                .destinationPort, .mark, .originalDestinationAddress(networkProtocol),
            ]
            let expression = pick(expressions, or: .mark)
            return [.match(expression, comparison: comparison, constant(of: expression.type))]
        }
    }

    /// A value for a comparison.
    private mutating func constant(of type: DataType) -> Value {
        // nft 1.0.6 aborts on listing ports behind a comparison with a protocol that has none.
        type == .transportProtocol ? .transportProtocol(pick([6, 17, 132], or: 6)) : block(of: type)
    }

    private mutating func anonymousMap() -> Statement {
        let count = UInt32.random(in: 1...6, using: &generator)
        if flip() {
            return .anonymousVerdictMap(
                .random(modulus: count), (0..<count).map { VerdictElement(.mark($0), verdict()) })
        }
        let expression = pick(
            [.destinationPort, .mark, .connectionState, .inputInterface, .sourceAddress(networkProtocol())],
            or: PacketExpression.mark)
        var seen: Set<Value> = []
        let values = (0..<count).map { _ in value(of: expression.type) }.filter { seen.insert($0).inserted }
        return .anonymousVerdictMap(expression, values.map { VerdictElement($0, verdict()) })
    }

    private mutating func update(
        _ keys: [[PacketExpression]], _ sets: [NamedSet], _ maps: [NamedMap]
    ) -> [Statement] {
        let index = sets.firstIndex { $0.flags.contains(.dynamic) } ?? 0
        let timeout = flip() ? UInt32.random(in: 1...100_000, using: &generator) : nil
        if case .data(let types) = maps[index].content, !isText, flip() {
            let data = types.compactMap { self.expression($0) }
            if data.count == types.count, (self.types(of: keys[index]) + types).registers <= 16 {
                return [.updateMapFromPacket(maps[index].name, keys[index], timeout: timeout, data: data)]
            }
        }
        return [.update(set: sets[index].name, keys[index], timeout: timeout)]
    }

    /// What packets of the table have of a type.
    private func expression(_ type: DataType) -> PacketExpression? {
        switch type {
        case .address(networkProtocol()): .destinationAddress(networkProtocol())
        case .port: .destinationPort
        case .mark: .mark
        case .transportProtocol: .transportProtocol
        default: nil
        }
    }

    /// What only chains of one kind may do.
    private mutating func ending(_ base: BaseChain?) -> [Statement] {
        let networkProtocol = networkProtocol()
        let tcp = Statement.match(.transportProtocol, .transportProtocol(6))
        let address = IPAddress(bytes: value(of: .address(networkProtocol)).bytes) ?? .loopback(.ipv4)
        switch (base?.kind, base?.hook) {
        case (.filter?, .input?), (.filter?, .forward?), (.filter?, .output?):
            return [.reject(pick(Statement.Rejection.allCases, or: .reset))]
        case (.nat?, .prerouting?), (.nat?, .output?):
            return flip() ? [tcp, .destinationNATTo(address, port: 8080)] : [.destinationNATTo(address)]
        case (.nat?, .postrouting?): return [flip() ? .masquerade : .masqueradeFullyRandom]
        default: return [.counter]
        }
    }
}

extension [DataType] {
    fileprivate var registers: Int { reduce(0) { $0 + ($1.length + 3) / 4 } }
}
