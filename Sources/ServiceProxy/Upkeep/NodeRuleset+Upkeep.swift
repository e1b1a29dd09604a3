internal import Addressing
public import Nftables

extension NodeRuleset {
    /// What the node tells load balancers, in the order of Services.
    public var healthChecks: [HealthCheck] {
        healthChecksByService.values.sorted { $0.service < $1.service }
    }

    /// The UDP flows of all Services that have to go, as after a start: some may be of a time without a proxy.
    public var staleFlows: StaleFlows {
        var flows = StaleFlows()
        for ports in services.values {
            for port in ports { flows.look(at: nil, port) }
        }
        return flows
    }

    /// What is to be in each table, counted. Sets and maps of clients are left out.
    public var outlines: [TableIdentity: TableOutline] {
        Dictionary(
            uniqueKeysWithValues: families.values.map { ruleset in
                (ruleset.frame.identity, ruleset.outline(with: services.values))
            })
    }

    /// Whether a table is in the kernel with as many rules and elements as it is to have. Clients come and go; the sets and
    /// maps that hold them only have to be there.
    ///
    /// - Parameter found: the kernel's table, or nil where it has none.
    public func isIntact(_ table: TableIdentity, _ found: TableOutline?) -> Bool {
        guard let found, let ruleset = families.values.first(where: { $0.frame.identity == table }) else {
            return false
        }
        let wanted = ruleset.outline(with: services.values)
        let clients = affinityMaps.filter { $0.table == table }
        let (maps, sets) = (clients.filter(\.isMap).map(\.name), clients.filter { !$0.isMap }.map(\.name))
        func isIntact(_ found: [String: Int], _ wanted: [String: Int], but clients: [String]) -> Bool {
            let clients = Set(clients)
            return clients.allSatisfy { found[$0] != nil } && found.filter { !clients.contains($0.key) } == wanted
        }
        return found.chains == wanted.chains && isIntact(found.sets, wanted.sets, but: sets)
            && isIntact(found.maps, wanted.maps, but: maps)
    }
}
