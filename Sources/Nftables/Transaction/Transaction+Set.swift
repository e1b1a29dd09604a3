internal import CLinux

extension Transaction {
    /// Adds a set or map without its elements.
    mutating func add(_ container: ElementContainer, _ table: TableIdentity) throws(NftablesError) {
        try add(container, flags: 0, keyNumber: container.key.number, container.object, table)
    }

    /// Adds the verdict map of a rule, with its elements, and gives the number by which the rule names it. The kernel calls
    /// it as it likes, and takes no elements once the rule is there.
    mutating func addAnonymousMap(
        of expression: PacketExpression, _ elements: [VerdictElement], _ place: RulesetObject, _ table: TableIdentity
    ) throws(NftablesError) -> UInt32 {
        let container = ElementContainer(
            name: NftablesConstants.anonymousMapName, object: place, key: [expression.type], content: .verdict,
            flags: [],
            timeout: nil, size: UInt32(elements.count), comment: nil)
        // As nft does, so that it lists plain numbers.
        let isNumber = if case .random = expression { true } else { false }
        let number = isNumber ? NftablesConstants.integerType : expression.type.number
        try add(
            container, flags: UInt32(NFT_SET_ANONYMOUS.rawValue | NFT_SET_CONSTANT.rawValue), keyNumber: number, place,
            table)
        let identifier = lastSetIdentifier
        append(.add, elements.count, of: container, identifier: identifier, table) {
            $0.write(SetElement([elements[$1].value]), .verdict(elements[$1].verdict), of: container)
        }
        return identifier
    }

    private mutating func add(
        _ container: ElementContainer, flags: UInt32, keyNumber: UInt32, _ object: RulesetObject, _ table: TableIdentity
    ) throws(NftablesError) {
        let identifier = nextSetIdentifier()
        try withObject(nftnl_set_alloc, nftnl_set_free) { (set) throws(NftablesError) in
            nftnl_set_set_str(set, UInt16(NFTNL_SET_TABLE.rawValue), table.name)
            nftnl_set_set_str(set, UInt16(NFTNL_SET_NAME.rawValue), container.name)
            nftnl_set_set_u32(set, UInt16(NFTNL_SET_ID.rawValue), identifier)
            nftnl_set_set_u32(set, UInt16(NFTNL_SET_FLAGS.rawValue), flags | container.kernelFlags)
            nftnl_set_set_u32(set, UInt16(NFTNL_SET_KEY_TYPE.rawValue), keyNumber)
            nftnl_set_set_u32(set, UInt16(NFTNL_SET_KEY_LEN.rawValue), container.key.length)
            if let content = container.content {
                nftnl_set_set_u32(set, UInt16(NFTNL_SET_DATA_TYPE.rawValue), content.number)
                nftnl_set_set_u32(set, UInt16(NFTNL_SET_DATA_LEN.rawValue), content.length)
            }
            if let timeout = container.timeout {
                nftnl_set_set_u64(set, UInt16(NFTNL_SET_TIMEOUT.rawValue), UInt64(timeout) * 1000)
            }
            if let size = container.size { nftnl_set_set_u32(set, UInt16(NFTNL_SET_DESC_SIZE.rawValue), size) }
            if container.isConcatenatedRanges {
                let lengths = container.key.map { UInt8($0.length) }
                nftnl_set_set_data(set, UInt16(NFTNL_SET_DESC_CONCAT.rawValue), lengths, UInt32(lengths.count))
            }
            let data = container.userData.bytes
            nftnl_set_set_data(set, UInt16(NFTNL_SET_USERDATA.rawValue), data, UInt32(data.count))
            append(
                .add, object, type: NftablesConstants.newSet,
                flags: NftablesConstants.create | NftablesConstants.exclusive, family: table.family
            ) { nftnl_set_nlmsg_build_payload($0, set) }
        }
    }

    /// Deletes a set or map with its elements.
    mutating func delete(set name: String, _ object: RulesetObject, _ table: TableIdentity) throws(NftablesError) {
        try withObject(nftnl_set_alloc, nftnl_set_free) { (set) throws(NftablesError) in
            nftnl_set_set_str(set, UInt16(NFTNL_SET_TABLE.rawValue), table.name)
            nftnl_set_set_str(set, UInt16(NFTNL_SET_NAME.rawValue), name)
            append(.delete, object, type: NftablesConstants.deleteSet, family: table.family) {
                nftnl_set_nlmsg_build_payload($0, set)
            }
        }
    }
}

extension ElementContainer {
    /// NFT_SET_*
    fileprivate var kernelFlags: UInt32 {
        var bits = content == nil ? 0 : NFT_SET_MAP.rawValue
        if flags.contains(.interval) { bits |= NFT_SET_INTERVAL.rawValue }
        if isConcatenatedRanges { bits |= NFT_SET_CONCAT.rawValue }
        if flags.contains(.timeout) { bits |= NFT_SET_TIMEOUT.rawValue }
        if flags.contains(.dynamic) { bits |= NFT_SET_EVAL.rawValue }
        return UInt32(bits)
    }

    /// What nft needs beside the set to list it: without the byte orders it lists numbers swapped.
    fileprivate var userData: UserData {
        var data = UserData()
        data.append(UserData.setKeyByteOrder, key.byteOrder)
        if let content { data.append(UserData.setDataByteOrder, content.byteOrder) }
        if let comment { data.append(UserData.setComment, string: comment) }
        return data
    }
}

/// The type of a map's content, as the kernel is told it.
extension NamedMap.Content {
    fileprivate var number: UInt32 {
        switch self {
        case .data(let types): types.number
        case .verdict: NftablesConstants.verdictType
        }
    }

    fileprivate var length: UInt32 {
        switch self {
        case .data(let types): types.length
        case .verdict: 0
        }
    }

    fileprivate var byteOrder: UInt32 {
        switch self {
        case .data(let types): types.byteOrder
        case .verdict: 0
        }
    }
}
