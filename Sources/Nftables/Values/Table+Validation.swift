extension Table {
    /// Checks what has to hold before a table can be encoded or written as text: names, comments, and that keys and
    /// values have the types that their set, map or expression has. The rest is the kernel's to judge.
    ///
    /// - Throws: `NftablesError.invalid`
    public func validate() throws(NftablesError) {
        let table = RulesetObject.table(identity)
        try table.check(name: name)
        try table.check(comment: comment)
        for set in sets {
            let object = RulesetObject.set(set.name, in: identity)
            try object.check(name: set.name)
            try object.check(comment: set.comment)
            try check(types: set.key, of: object)
            for (index, element) in set.elements.enumerated() {
                try check(element, key: set.key, .element(index + 1, of: object))
            }
        }
        for map in maps { try check(map) }
        for chain in chains {
            let object = RulesetObject.chain(chain.name, in: identity)
            try object.check(name: chain.name)
            try object.check(comment: chain.comment)
            for (index, rule) in chain.rules.enumerated() {
                try check(rule, .rule(index + 1, chain: chain.name, in: identity))
            }
        }
    }

    private func check(_ map: NamedMap) throws(NftablesError) {
        let object = RulesetObject.map(map.name, in: identity)
        try object.check(name: map.name)
        try object.check(comment: map.comment)
        try check(types: map.key, of: object)
        if case .data(let types) = map.content { try check(types: types, of: object) }
        for (index, element) in map.elements.enumerated() {
            let place = RulesetObject.element(index + 1, of: object)
            try check(element.element, key: map.key, place)
            switch (map.content, element.target) {
            case (.data(let types), .data(let values)): try check(values, types, place)
            case (.verdict, .verdict(let verdict)): try place.check(verdict)
            case (.data, .verdict): throw .invalid(place, reason: "it gives a verdict in a map of data")
            case (.verdict, .data): throw .invalid(place, reason: "it gives data in a map of verdicts")
            }
        }
    }

    /// A key or datum holds 64 bytes, each field padded to four (NFT_DATA_VALUE_MAXLEN).
    private func check(types: [DataType], of object: RulesetObject) throws(NftablesError) {
        guard !types.isEmpty else { throw .invalid(object, reason: "it has no type") }
        guard types.paddedLength <= 64 else {
            throw .invalid(object, reason: "its \(types.concatenation()) is longer than 64 bytes")
        }
        guard !types.contains(.addressType) else {
            throw .invalid(object, reason: "nft 1.0.6 cannot list a set of \(DataType.addressType)")
        }
    }

    private func check(_ element: SetElement, key: [DataType], _ place: RulesetObject) throws(NftablesError) {
        try check(element.key, key, place)
        try place.check(comment: element.comment)
    }

    private func check(_ values: [Value], _ types: [DataType], _ place: RulesetObject) throws(NftablesError) {
        let matches = values.count == types.count && zip(values, types).allSatisfy { $0.type == $1 }
        guard matches else {
            throw .invalid(place, reason: "\(values.concatenation()) is no \(types.concatenation())")
        }
        for case .prefix(let block) in values {
            throw .invalid(place, reason: "\(block) is a block; elements are single values")
        }
    }
}

extension RulesetObject {
    /// Checks for nft's STRING: what is not one cannot be read back from text, and could say something else there.
    func check(name: String) throws(NftablesError) {
        let isName =
            name.utf8.first.map { isLetter($0) || $0 == UInt8(ascii: "_") } == true && name.utf8.count <= 255
            && name.utf8.allSatisfy { isLetter($0) || isDigit($0) || "-_./".utf8.contains($0) }
        guard isName else {
            throw .invalid(
                self, reason: "a name is a letter, then letters, digits, '-', '_', '.' and '/', up to 255 bytes")
        }
    }

    /// Checks for nft's QUOTED_STRING, which has no escapes (NFTNL_UDATA_COMMENT_MAXLEN).
    func check(comment: String?) throws(NftablesError) {
        guard let comment else { return }
        let isComment =
            (1...Comment.longest).contains(comment.utf8.count)
            && comment.utf8.allSatisfy(Comment.allows)
        guard isComment else {
            throw .invalid(self, reason: "a comment is 1 to 128 bytes without quotation marks and control characters")
        }
    }

    func check(_ verdict: Verdict) throws(NftablesError) {
        if let chain = verdict.chain { try check(name: chain) }
    }
}

private func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
}

private func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}

extension Sequence<DataType> {
    /// The length of the fields, each padded to a register of four bytes.
    var paddedLength: Int { reduce(0) { $0 + $1.paddedLength } }
}

extension DataType {
    /// The length padded to registers of four bytes.
    var paddedLength: Int { (length + 3) & ~3 }
}
