public import Addressing

/// What packets a table sees (`table FAMILY NAME`, NFPROTO_*).
public enum TableFamily: String, Hashable, Sendable, Codable, CaseIterable {
    /// IPv4
    case ip
    /// IPv6
    case ip6
    /// IPv4 and IPv6
    case inet

    /// The family of a table that sees one address family.
    public init(_ family: AddressFamily) {
        self = family == .ipv4 ? .ip : .ip6
    }
}

/// What tells one table of a namespace from another.
public struct TableIdentity: Hashable, Sendable, Codable {
    /// The family; two tables of different families may have one name.
    public var family: TableFamily
    /// The name.
    public var name: String

    /// Names a table.
    public init(_ family: TableFamily, _ name: String) {
        self.family = family
        self.name = name
    }
}

/// A whole nftables table as a value: nothing in the kernel is touched until it is committed.
///
/// Its `description` is what a person would put into a file for `nft -f`; its objects come in the order in which they
/// are listed here. Sets and maps share one space of names, chains have another.
///
/// Names have nft's syntax: a letter, then letters, digits, `-`, `_`, `.` and `/`, up to 255 bytes. The kernel takes words
/// of nft's own grammar (`map`, `tcp`) too, but then the text cannot be read back by `nft`.
public struct Table: Hashable, Sendable, Codable {
    /// The family.
    public var family: TableFamily
    /// The name.
    public var name: String
    /// What it is for, up to 128 bytes.
    public var comment: String?
    /// The sets.
    public var sets: [NamedSet]
    /// The maps.
    public var maps: [NamedMap]
    /// The chains.
    public var chains: [Chain]

    /// Makes a table.
    public init(
        _ family: TableFamily, _ name: String, comment: String? = nil, sets: [NamedSet] = [], maps: [NamedMap] = [],
        chains: [Chain] = []
    ) {
        self.family = family
        self.name = name
        self.comment = comment
        self.sets = sets
        self.maps = maps
        self.chains = chains
    }

    /// The family and the name.
    public var identity: TableIdentity { TableIdentity(family, name) }
}
