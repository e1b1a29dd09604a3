extension Table {
    /// Checks what has to hold before a table can be encoded or written as text: names, comments, and that keys and
    /// values have the types that their set, map or expression has. The rest is the kernel's to judge.
    ///
    /// - Throws: `NftablesError.invalid`
    public func validate() throws(NftablesError) {
        let table = RulesetObject.table(identity)
        try table.check(name: name)
        try table.check(comment: comment)
        let index = TableIndex(self)
        for set in sets { try set.check(in: identity) }
        for map in maps { try map.check(in: identity) }
        for chain in chains { try index.check(chain) }
    }
}

extension NamedSet {
    /// Checks the set and its elements.
    func check(in table: TableIdentity) throws(NftablesError) {
        let container = container(in: table)
        try container.check()
        try container.check(elements)
    }
}

extension NamedMap {
    /// Checks the map and its elements.
    func check(in table: TableIdentity) throws(NftablesError) {
        let container = container(in: table)
        try container.check()
        try container.check(elements)
    }
}

extension TableIndex {
    /// Checks a chain of the table and its rules.
    func check(_ chain: Chain) throws(NftablesError) {
        let object = RulesetObject.chain(chain.name, in: identity)
        try object.check(name: chain.name)
        try object.check(comment: chain.comment)
        for (index, rule) in chain.rules.enumerated() {
            try check(rule, .rule(index + 1, chain: chain.name, in: identity))
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
        guard let comment, !Comment.isValid(comment) else { return }
        throw .invalid(self, reason: "a comment is 1 to 128 bytes without quotation marks and control characters")
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
