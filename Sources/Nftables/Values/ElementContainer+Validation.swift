extension ElementContainer {
    /// Checks the name, the types and the flags.
    func check() throws(NftablesError) {
        try object.check(name: name)
        try object.check(comment: comment)
        try check(types: key)
        if case .data(let types) = content { try check(types: types) }
        guard !flags.isSuperset(of: [.interval, .dynamic]) else {
            throw .invalid(object, reason: "the kernel has no dynamic sets of intervals")
        }
        if flags.contains(.interval), let type = key.first(where: { !$0.canBeInterval(inConcatenation: key.count > 1) })
        {
            throw .invalid(object, reason: "a \(type) cannot be in a set of intervals")
        }
        try check(timeout: timeout, of: object)
        guard size != 0 else { throw .invalid(object, reason: "it has room for no element") }
    }

    /// A key or datum holds 64 bytes, each field padded to four (NFT_DATA_VALUE_MAXLEN).
    private func check(types: [DataType]) throws(NftablesError) {
        guard !types.isEmpty else { throw .invalid(object, reason: "it has no type") }
        guard types.paddedLength <= 64 else {
            throw .invalid(object, reason: "its \(types.concatenation()) is longer than 64 bytes")
        }
        for type in [DataType.addressType, .connectionStatus] where types.contains(type) {
            throw .invalid(object, reason: "nft 1.0.6 cannot list a set of \(type)")
        }
    }

    func check(timeout: UInt32?, of place: @autoclosure () -> RulesetObject) throws(NftablesError) {
        guard let timeout else { return }
        guard flags.contains(.timeout) else {
            throw .invalid(place(), reason: "it has a timeout, and \(object) lacks the flag")
        }
        guard timeout > 0 else { throw .invalid(place(), reason: "a timeout of 0 seconds lets nothing stay") }
    }

    /// Checks elements of a set.
    func check(_ elements: [SetElement]) throws(NftablesError) {
        for index in elements.indices { try check(elements[index], index + 1) }
    }

    /// Checks elements of a map.
    func check(_ elements: [MapElement]) throws(NftablesError) {
        for index in elements.indices { try check(elements[index], index + 1) }
    }

    /// Checks an element by its number, counted from 1.
    private func check(_ element: SetElement, _ number: Int) throws(NftablesError) {
        try check(element.key, key, number, isKey: true)
        if let end = element.keyEnd {
            try check(end, key, number, isKey: false)
            try check(from: element.key, to: end, number)
        }
        try check(timeout: element.timeout, of: place(number))
        // The place is made where there is something to say about it.
        if let comment = element.comment, !Comment.isValid(comment) { try place(number).check(comment: comment) }
    }

    /// Checks an element of a map by its number, counted from 1.
    private func check(_ element: MapElement, _ number: Int) throws(NftablesError) {
        try check(element.element, number)
        switch (content, element.target) {
        case (.data(let types), .data(let values)): try check(values, types, number, isKey: false)
        case (.verdict, .verdict(let verdict)):
            if verdict.chain != nil { try place(number).check(verdict) }
        case (.data, .verdict): throw .invalid(place(number), reason: "it gives a verdict in a map of data")
        case (.verdict, .data): throw .invalid(place(number), reason: "it gives data in a map of verdicts")
        case (nil, _): throw .invalid(place(number), reason: "it leads to something, and \(object) is no map")
        }
    }

    private func place(_ number: Int) -> RulesetObject { .element(number, of: object) }

    private func check(_ values: [Value], _ types: [DataType], _ number: Int, isKey: Bool) throws(NftablesError) {
        guard values.count == types.count, values.indices.allSatisfy({ values[$0].type == types[$0] }) else {
            throw .invalid(place(number), reason: "\(values.concatenation()) is no \(types.concatenation())")
        }
        for value in values {
            switch value {
            case .prefix(let block) where !isKey || !flags.contains(.interval):
                throw .invalid(place(number), reason: "\(block) is a block; elements are single values")
            case .address, .prefix, .port, .transportProtocol, .mark: continue
            case .addressType, .connectionState, .connectionStatus, .interface:
                if let reason = value.reasonAgainstElement {
                    throw .invalid(place(number), reason: reason)
                }
            }
        }
    }

    private func check(from start: [Value], to end: [Value], _ number: Int) throws(NftablesError) {
        guard flags.contains(.interval) else {
            throw .invalid(place(number), reason: "it is a range, and \(object) is no set of intervals")
        }
        for (first, last) in zip(start, end) {
            if case .prefix(let block) = first {
                throw .invalid(place(number), reason: "\(block) is a block already, and needs no end")
            }
            guard first == last || first.precedes(last) else {
                throw .invalid(place(number), reason: "\(first)-\(last) is no range")
            }
        }
    }
}

extension DataType {
    /// Ranges need network order. The name of an interface can be one field among others, without a range.
    fileprivate func canBeInterval(inConcatenation: Bool) -> Bool {
        switch self {
        case .ipv4Address, .ipv6Address, .transportProtocol, .port: true
        case .interfaceName: inConcatenation
        case .mark, .addressType, .connectionState, .connectionStatus: false
        }
    }
}

extension Value {
    /// Whether a range can go from this value to another one.
    fileprivate func precedes(_ other: Value) -> Bool {
        switch (self, other) {
        case (.address(let first), .address(let last)): first < last
        case (.transportProtocol(let first), .transportProtocol(let last)): first < last
        case (.port(let first), .port(let last)): first < last
        default: false
        }
    }

    /// Why the value, whose type fits, is no key of a set or map; nil where it is one.
    var reasonAgainstElement: String? {
        switch self {
        case .prefix(let block): "\(block) is a block; elements are single values"
        case .connectionState(let state)
        where state.rawValue.nonzeroBitCount != 1 || !ConnectionState.all.contains(state):
            "an element is one state"
        case .interface(let name) where name.last == "*": "\(self) is no single interface"
        case .interface: reasonAgainstComparison
        default: nil
        }
    }

    /// Why the value is nothing to compare a packet with; nil where it is.
    var reasonAgainstComparison: String? {
        switch self {
        case .prefix(let block) where block.prefixLength == 0: "\(block) matches every address"
        case .connectionState(let state) where state.isEmpty || !ConnectionState.all.isSuperset(of: state):
            "it names no connection state, or one that nft does not know"
        case .connectionStatus(let status) where status.isEmpty || !ConnectionStatus.all.isSuperset(of: status):
            "it names no connection status, or one that nft does not know"
        case .interface(let name) where !Self.isInterface(name):
            "an interface's name has 1 to 15 bytes without spaces, quotation marks, '/' and ':'"
        default: nil
        }
    }

    /// Checks as dev_valid_name() does, and that nft's quoted string can hold it.
    private static func isInterface(_ name: String) -> Bool {
        let bytes = name.utf8
        let isPattern = bytes.last == UInt8(ascii: "*")
        let fixed = isPattern ? bytes.dropLast() : bytes[...]
        return (1...15).contains(bytes.count) && !fixed.isEmpty && name != "." && name != ".."
            && fixed.allSatisfy { $0 > 32 && $0 < 127 && !"\"/:*\\".utf8.contains($0) }
    }
}
