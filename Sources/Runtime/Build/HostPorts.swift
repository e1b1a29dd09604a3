internal import Addressing
internal import Nftables

/// The hostPort tables of a node.
enum HostPorts {
    private static func identity(_ family: AddressFamily) -> TableIdentity {
        TableIdentity(TableFamily(family), HostPortRuleset.tableName)
    }

    /// Makes the calling thread's namespace redirect exactly these ports.
    static func replace(_ mappings: [HostPortMapping]) throws {
        let handle = try NftablesHandle()
        let ruleset = HostPortRuleset(mappings)
        if let rejection = ruleset.rejections.first {
            throw BuildError(attempt: "program the hostPort of \(rejection.mapping.comment)", reason: "\(rejection)")
        }
        try handle.delete(AddressFamily.allCases.map(identity))
        guard !mappings.isEmpty else { return }
        try handle.replace(AddressFamily.allCases.flatMap { ruleset.tables(for: $0) })
    }

    /// The families of which the calling thread's namespace has the table.
    static func families() throws -> Set<AddressFamily> {
        let present = try NftablesHandle().tables()
        return Set(AddressFamily.allCases.filter { present.contains(identity($0)) })
    }
}
