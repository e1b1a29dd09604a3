internal import CLinux
internal import Netlink

/// Turns statements into the kernel's expressions, in the way in which nft does, so that nft lists them as they were
/// written. Every statement loads its key from the first register on; nothing is kept from one to the next.
struct RuleEncoder {
    let rule: OpaquePointer
    let table: TableIndex
    let place: RulesetObject
    /// The identifiers of the rule's own maps, in their order.
    private var anonymousMaps: ArraySlice<UInt32>
    private var count = 0
    /// The network protocol that the packet is known to have, in an inet table.
    var known: NetworkProtocol?

    init(rule: OpaquePointer, table: TableIndex, place: RulesetObject, anonymousMaps: [UInt32]) {
        self.rule = rule
        self.table = table
        self.place = place
        self.anonymousMaps = anonymousMaps[...]
    }

    mutating func append(_ statements: [Statement]) throws(NftablesError) {
        // Only TCP is reset. nft asks for it in front of all other statements.
        let isTCP = Statement.match(.transportProtocol, .transportProtocol(UInt8(IPPROTO_TCP)))
        if statements.contains(.reject(.reset)), !statements.contains(isTCP) { try append(isTCP) }
        for statement in statements { try append(statement) }
    }

    private mutating func append(_ statement: Statement) throws(NftablesError) {
        switch statement {
        case .match(let expression, let comparison, let value):
            try load([expression])
            try compare(comparison, value)
        case .matchMark(let bits, let isSet):
            try load([.mark])
            try compare(isSet ? .notEqual : .equal, bits: bits)
        case .lookup(let key, let comparison, let name):
            try load(key)
            try lookUp(set: name, comparison)
        case .counter:
            try append("counter") { _ in }
        case .setMark(let bits):
            try setMark(mask: ~bits, flipped: bits)
        case .clearMark(let bits):
            try setMark(mask: ~bits, flipped: 0)
        case .update(let set, let key, let timeout):
            try load(key)
            try update(set, timeout: timeout)
        case .updateMapFromPacket(let map, let key, let timeout, let data):
            try load(key + data)
            try update(map, timeout: timeout, data: Self.register(at: key.map(\.type).paddedLength))
        case .updateMap(let map, let key, let timeout, let dataKey, let data):
            try update(map, key, timeout: timeout, dataKey, data: data)
        case .verdict(let verdict):
            try append(verdict)
        case .verdictMap(let key, let map):
            try load(key)
            try lookUp(map: map, into: NftablesConstants.verdictRegister)
        case .anonymousVerdictMap(let expression, _):
            try load([expression])
            try lookUpAnonymousMap(anonymousMaps.popFirst())
        case .reject(let rejection):
            try append(rejection)
        case .destinationNAT(let networkProtocol, let key, let map):
            try rewriteDestination(networkProtocol, key, map: map)
        case .destinationNATTo(let address, let port):
            try rewriteDestination(to: address, port)
        case .masquerade:
            try append("masq") { _ in }
        case .masqueradeFullyRandom:
            try masqueradeFullyRandom()
        }
    }

    private mutating func append(_ verdict: Verdict) throws(NftablesError) {
        try append("immediate") {
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_IMM_DREG), NftablesConstants.verdictRegister)
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_IMM_VERDICT), verdict.number)
            if let chain = verdict.chain { nftnl_expr_set_str($0, UInt16(NFTNL_EXPR_IMM_CHAIN), chain) }
        }
    }

    private mutating func append(_ rejection: Statement.Rejection) throws(NftablesError) {
        let (type, code) = rejection.numbers(in: table.identity.family)
        try append("reject") {
            nftnl_expr_set_u32($0, UInt16(NFTNL_EXPR_REJECT_TYPE), type)
            nftnl_expr_set_u8($0, UInt16(NFTNL_EXPR_REJECT_CODE), code)
        }
    }

    /// The register that begins so many bytes into a key: one of 16 bytes where there is one, else one of 4.
    static func register(at offset: Int) -> UInt32 {
        offset % 16 == 0
            ? NftablesConstants.firstRegister + UInt32(offset / 16)
            : NftablesConstants.firstShortRegister + UInt32(offset / 4)
    }

    mutating func append(_ name: String, _ fill: (OpaquePointer) -> Void) throws(NftablesError) {
        count += 1
        guard count <= NftablesConstants.mostExpressions else {
            throw .invalid(place, reason: "it needs more than \(NftablesConstants.mostExpressions) expressions")
        }
        guard let expression = nftnl_expr_alloc(name) else { throw .netlink(NetlinkError(.socket(errno: ENOMEM))) }
        fill(expression)
        nftnl_rule_add_expr(rule, expression)
    }
}
