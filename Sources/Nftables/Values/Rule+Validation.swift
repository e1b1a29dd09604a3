extension TableIndex {
    /// Checks a rule of the table.
    func check(_ rule: Rule, _ place: RulesetObject) throws(NftablesError) {
        try place.check(comment: rule.comment)
        guard !rule.statements.isEmpty else { throw .invalid(place, reason: "it has no statement") }
        for statement in rule.statements { try check(statement, place) }
    }

    private func check(_ statement: Statement, _ place: RulesetObject) throws(NftablesError) {
        switch statement {
        case .match(let expression, _, let value):
            try check([expression], place)
            try check(value, against: expression, place)
            if let reason = value.reasonAgainstComparison { throw .invalid(place, reason: reason) }
        case .matchMark(let bits, _), .setMark(let bits), .clearMark(let bits):
            guard bits != 0 else { throw .invalid(place, reason: "it names no bit of the mark") }
        case .lookup(let key, _, let name):
            try check(key, against: set(name, place).key, of: name, place)
        case .verdict(let verdict):
            try place.check(verdict)
        case .verdictMap(let key, let name):
            let map = try map(name, place)
            try check(key, against: map.key, of: name, place)
            guard map.content == .verdict else { throw .invalid(place, reason: "map \(name) gives no verdicts") }
        case .anonymousVerdictMap(let expression, let elements):
            try check(expression, elements, place)
        case .destinationNAT(let networkProtocol, let key, let name):
            try check(networkProtocol, key, map(name, place), place)
        case .destinationNATTo(let address, _):
            try check(NetworkProtocol(address.family), place)
        case .update(let name, let key, let timeout):
            try checkUpdate(set(name, place), key, timeout, place)
        case .updateMapFromPacket(let name, let key, let timeout, let data):
            try checkUpdate(map(name, place), key, timeout, data: data, place)
        case .updateMap(let name, let key, let timeout, let dataKey, let data):
            try checkUpdate(name, key, timeout, dataKey, data, place)
        case .reject, .masquerade, .masqueradeFullyRandom, .counter:
            break
        }
    }

    private func check(
        _ networkProtocol: NetworkProtocol, _ key: [PacketExpression], _ map: ElementContainer, _ place: RulesetObject
    ) throws(NftablesError) {
        try check(key, against: map.key, of: map.name, place)
        let address = DataType.address(networkProtocol)
        guard map.content == .data([address]) || map.content == .data([address, .port]) else {
            throw .invalid(place, reason: "map \(map.name) gives no \(address), alone or with a port")
        }
        try check(networkProtocol, place)
    }

    private func checkUpdate(
        _ container: ElementContainer, _ key: [PacketExpression], _ timeout: UInt32?, _ place: RulesetObject
    ) throws(NftablesError) {
        try check(key, against: container.key, of: container.name, place)
        guard container.flags.contains(.dynamic) else {
            throw .invalid(place, reason: "\(container.object) is not dynamic")
        }
        try container.check(timeout: timeout, of: place)
    }

    private func checkUpdate(
        _ map: ElementContainer, _ key: [PacketExpression], _ timeout: UInt32?, data: [PacketExpression],
        _ place: RulesetObject
    ) throws(NftablesError) {
        try checkUpdate(map, key, timeout, place)
        try check(key + data, place)
        guard map.content == .data(data.map(\.type)) else {
            throw .invalid(place, reason: "\(data.concatenation()) is no data of map \(map.name)")
        }
        try check(registers: (key + data).map(\.type), of: map.name, place)
    }

    private func checkUpdate(
        _ name: String, _ key: [PacketExpression], _ timeout: UInt32?, _ dataKey: [PacketExpression],
        _ dataName: String, _ place: RulesetObject
    ) throws(NftablesError) {
        let (target, source) = (try map(name, place), try map(dataName, place))
        try checkUpdate(target, key, timeout, place)
        try check(dataKey, against: source.key, of: dataName, place)
        guard case .data(let types) = source.content, target.content == source.content else {
            throw .invalid(place, reason: "map \(dataName) gives no data of map \(name)")
        }
        try check(key + dataKey, place)
        try check(registers: key.map(\.type) + types, of: name, place)
    }

    /// The data waits behind the registers of the key (NFT_REG32_00 to NFT_REG32_15).
    private func check(registers: [DataType], of name: String, _ place: RulesetObject) throws(NftablesError) {
        guard registers.paddedLength <= 64 else {
            throw .invalid(place, reason: "key and data of \(name) are longer than 64 bytes together")
        }
    }

    private func check(
        _ expression: PacketExpression, _ elements: [VerdictElement], _ place: RulesetObject
    ) throws(NftablesError) {
        try check([expression], place)
        guard !elements.isEmpty else { throw .invalid(place, reason: "its verdict map is empty") }
        guard expression.type != .addressType, expression.type != .connectionStatus else {
            throw .invalid(place, reason: "nft 1.0.6 cannot list a map of \(expression.type)")
        }
        for element in elements {
            try check(element.value, against: expression, place)
            if let reason = element.value.reasonAgainstElement { throw .invalid(place, reason: reason) }
            try place.check(element.verdict)
        }
    }

    private func check(
        _ value: Value, against expression: PacketExpression, _ place: RulesetObject
    ) throws(NftablesError) {
        guard expression.type == value.type else {
            throw .invalid(place, reason: "\(expression) is a \(expression.type), \(value) is a \(value.type)")
        }
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
        guard !key.contains(.random(modulus: 0)) else {
            throw .invalid(place, reason: "there is no number below 0: \(PacketExpression.random(modulus: 0))")
        }
    }

    private func check(_ networkProtocol: NetworkProtocol, _ place: RulesetObject) throws(NftablesError) {
        guard identity.family == .inet || identity.family.rawValue == networkProtocol.rawValue else {
            throw .invalid(
                place, reason: "an \(identity.family.rawValue) table sees no \(networkProtocol.rawValue) packets")
        }
    }
}
