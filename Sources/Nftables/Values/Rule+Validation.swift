extension Table {
    func check(_ rule: Rule, _ place: RulesetObject) throws(NftablesError) {
        try place.check(comment: rule.comment)
        guard !rule.statements.isEmpty else { throw .invalid(place, reason: "it has no statement") }
        for statement in rule.statements { try check(statement, place) }
    }

    private func check(_ statement: Statement, _ place: RulesetObject) throws(NftablesError) {
        switch statement {
        case .match(let expression, _, let value):
            try check([expression], place)
            guard expression.type == value.type else {
                throw .invalid(place, reason: "\(expression) is a \(expression.type), \(value) is a \(value.type)")
            }
            if case .prefix(let block) = value, block.prefixLength == 0 {
                throw .invalid(place, reason: "\(block) matches every address")
            }
        case .lookup(let key, _, let name):
            guard let set = sets.first(where: { $0.name == name }) else {
                throw .invalid(place, reason: "the table has no set \(name)")
            }
            try check(key, against: set.key, of: name, place)
        case .verdict(let verdict):
            try place.check(verdict)
        case .verdictMap(let key, let name):
            let map = try map(named: name, place)
            try check(key, against: map.key, of: name, place)
            guard map.content == .verdict else { throw .invalid(place, reason: "map \(name) gives no verdicts") }
        case .destinationNAT(let networkProtocol, let key, let name):
            let map = try map(named: name, place)
            try check(key, against: map.key, of: name, place)
            let address = DataType.address(networkProtocol)
            guard map.content == .data([address]) || map.content == .data([address, .port]) else {
                throw .invalid(place, reason: "map \(name) gives no \(address), alone or with a port")
            }
            try check(networkProtocol, place)
        case .masquerade:
            break
        }
    }

    /// The map of a name.
    func map(named name: String, _ place: RulesetObject) throws(NftablesError) -> NamedMap {
        guard let map = maps.first(where: { $0.name == name }) else {
            throw .invalid(place, reason: "the table has no map \(name)")
        }
        return map
    }

    private func check(
        _ key: [PacketExpression], against types: [DataType], of name: String, _ place: RulesetObject
    ) throws(NftablesError) {
        try check(key, place)
        guard key.map(\.type) == types else {
            throw .invalid(
                place, reason: "\(key.concatenation()) is no key of \(name), which is of \(types.concatenation())")
        }
    }

    private func check(_ key: [PacketExpression], _ place: RulesetObject) throws(NftablesError) {
        let protocols = key.compactMap(\.networkProtocol)
        for networkProtocol in protocols { try check(networkProtocol, place) }
        guard Set(protocols).count <= 1 else {
            throw .invalid(place, reason: "no packet is both IPv4 and IPv6: \(key.concatenation())")
        }
    }

    private func check(_ networkProtocol: NetworkProtocol, _ place: RulesetObject) throws(NftablesError) {
        guard family == .inet || family.rawValue == networkProtocol.rawValue else {
            throw .invalid(place, reason: "an \(family.rawValue) table sees no \(networkProtocol.rawValue) packets")
        }
    }
}
