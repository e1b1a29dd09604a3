internal import CLinux
internal import Netlink

/// What the kernel knows as a set: a set or a map, in one form for encoding.
struct EncodedContainer {
    /// The type of a map's content, as the kernel is told it.
    struct Content {
        let number: UInt32
        let length: UInt32
        let byteOrder: UInt32

        init(_ content: NamedMap.Content) {
            switch content {
            case .data(let types):
                number = types.number
                length = types.length
                byteOrder = types.byteOrder
            case .verdict:
                number = NftablesConstants.verdictType
                length = 0
                byteOrder = 0
            }
        }
    }

    struct Element {
        let key: [UInt8]
        let target: MapElement.Target?
        let comment: String?
    }

    let name: String
    let object: RulesetObject
    let key: [DataType]
    let content: Content?
    let comment: String?
    let elements: [Element]
}

extension Table {
    /// The sets and maps, in the order in which they are created.
    var containers: [EncodedContainer] {
        let sets = sets.map { set in
            EncodedContainer(
                name: set.name, object: .set(set.name, in: identity), key: set.key, content: nil, comment: set.comment,
                elements: set.elements.map { .init(key: $0.key.bytes, target: nil, comment: $0.comment) })
        }
        let maps = maps.map { map in
            EncodedContainer(
                name: map.name, object: .map(map.name, in: identity), key: map.key, content: .init(map.content),
                comment: map.comment,
                elements: map.elements.map {
                    .init(key: $0.element.key.bytes, target: $0.target, comment: $0.element.comment)
                })
        }
        return sets + maps
    }
}

extension EncodedContainer.Element {
    /// An upper bound of the encoded size: key and datum of 64 bytes, the comment or chain, and the headers of all.
    var largestSize: Int {
        var size = 4 + 8 + key.count + 8 + 8 + (comment.map { 8 + $0.utf8.count + 4 } ?? 0) + 16
        switch target {
        case .data(let values): size += 8 + 16 * values.count
        case .verdict(let verdict): size += 24 + (verdict.chain?.utf8.count ?? 0)
        case nil: break
        }
        return size
    }

    /// Appends the element to a set of libnftnl, which then owns it.
    func add(to set: OpaquePointer) throws(NftablesError) {
        guard let element = nftnl_set_elem_alloc() else { throw .netlink(NetlinkError(.socket(errno: ENOMEM))) }
        nftnl_set_elem_set(element, UInt16(NFTNL_SET_ELEM_KEY), key, UInt32(key.count))
        switch target {
        case .data(let values):
            let bytes = values.bytes
            nftnl_set_elem_set(element, UInt16(NFTNL_SET_ELEM_DATA), bytes, UInt32(bytes.count))
        case .verdict(let verdict):
            nftnl_set_elem_set_u32(element, UInt16(NFTNL_SET_ELEM_VERDICT), verdict.number)
            if let chain = verdict.chain { nftnl_set_elem_set_str(element, UInt16(NFTNL_SET_ELEM_CHAIN), chain) }
        case nil:
            break
        }
        if let data = UserData(comment: comment)?.bytes {
            nftnl_set_elem_set(element, UInt16(NFTNL_SET_ELEM_USERDATA), data, UInt32(data.count))
        }
        nftnl_set_elem_add(set, element)
    }
}
