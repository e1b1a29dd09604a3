import KubernetesModel
import Nftables
import ServiceProxy
import Testing

@Suite("Random clusters")
struct RandomClusterTests {
    /// Packets of thousands of clusters fare as the objects say, under both layouts and on both nodes; what was changed step
    /// by step is what would have been built at once, and every step is one that the kernel takes.
    @Test("rules do what the objects say, however they came about", arguments: 1...10)
    func clusters(seed: UInt64) throws {
        var cluster = RandomCluster(seed: seed)
        var tracker = ServiceTracker(SampleCluster.settings)
        var proxies = ProxyLayout.allCases.flatMap { layout in
            SampleCluster.nodes.map { Proxy(layout, $0, tracker) }
        }
        for step in 1...40 {
            cluster.change(&tracker)
            let changes = tracker.takeChanges()
            for index in proxies.indices {
                let update = proxies[index].ruleset.update(changes, from: tracker)
                try proxies[index].carryOut(update, "seed \(seed), step \(step)")
                let node = proxies[index].ruleset.node
                let expectation = Expectation(cluster, SampleCluster.settings, node)
                let simulation = PacketSimulation(proxies[index].ruleset.tables, localAddresses: node.addresses)
                for _ in 0..<25 {
                    let packet = cluster.packet(at: node)
                    let (found, expected) = (simulation.outcomes(of: packet), expectation.outcomes(of: packet))
                    if found != expected {
                        let layout = proxies[index].ruleset.layout
                        Issue.record(
                            "seed \(seed), step \(step), \(layout) on \(node.name): \(packet): \(found), not \(expected)"
                        )
                        return
                    }
                }
            }
        }
    }

    @Test("a node that gets another zone or address has the rules of such a node", arguments: 21...23)
    func nodes(seed: UInt64) throws {
        var cluster = RandomCluster(seed: seed)
        var tracker = ServiceTracker(SampleCluster.settings)
        let nodes =
            SampleCluster.nodes + [
                ProxyNode(name: "node1", zone: "b", addresses: [ip("192.168.1.10")]),
                ProxyNode(name: "node1", addresses: [ip("198.51.100.1"), ip("fd01::11")]),
                ProxyNode(name: "node1", zone: "a", addresses: []),
            ]
        var proxies = ProxyLayout.allCases.map { Proxy($0, nodes[0], tracker) }
        for step in 1...40 {
            cluster.change(&tracker)
            let changes = tracker.takeChanges()
            for index in proxies.indices {
                let update = proxies[index].ruleset.update(changes, from: tracker)
                try proxies[index].carryOut(update, "seed \(seed), step \(step)")
                let moved = proxies[index].ruleset.update(nodes[step % nodes.count], from: tracker)
                try proxies[index].carryOut(moved, "seed \(seed), step \(step), \(nodes[step % nodes.count])")
                #expect(proxies[index].ruleset.update(nodes[step % nodes.count], from: tracker).isEmpty)
            }
        }
    }

    /// A node's rules beside tables that were only ever changed in steps.
    private struct Proxy {
        var ruleset: NodeRuleset
        private var changed: ChangedTables

        init(_ layout: ProxyLayout, _ node: ProxyNode, _ tracker: ServiceTracker) {
            ruleset = NodeRuleset(layout, node: node, settings: SampleCluster.settings, from: tracker)
            changed = ChangedTables(ruleset.tables)
        }

        mutating func carryOut(_ update: RulesetUpdate, _ place: String) throws {
            do {
                try changed.apply(update.changes)
            } catch {
                Issue.record("\(place), \(ruleset.layout): \(error)")
                throw error
            }
            for table in ruleset.tables {
                let stepwise = changed.tables[table.identity].map { UnorderedTable($0) }
                let whole = UnorderedTable(table)
                if stepwise != whole {
                    Issue.record("\(place), \(ruleset.layout): \(stepwise?.difference(to: whole) ?? "no table")")
                }
                #expect(ruleset.outlines[table.identity] == TableOutline(table), "\(place)")
            }
        }
    }
}

/// A table as the kernel has it: objects by name, elements in no order.
private struct UnorderedTable: Equatable {
    let sets: [NamedSet: Set<SetElement>]
    let maps: [NamedMap: Set<MapElement>]
    let chains: Set<Chain>

    init(_ table: Table) {
        sets = Dictionary(uniqueKeysWithValues: table.sets.map { ($0.withoutElements, Set($0.elements)) })
        maps = Dictionary(uniqueKeysWithValues: table.maps.map { ($0.withoutElements, Set($0.elements)) })
        chains = Set(table.chains)
    }

    private var lines: Set<String> {
        Set(
            sets.flatMap { set, elements in ["\(set)"] + elements.map { "\(set.name): \($0)" } }
                + maps.flatMap { map, elements in ["\(map)"] + elements.map { "\(map.name): \($0)" } }
                + chains.map { "\($0)" })
    }

    func difference(to other: UnorderedTable) -> String {
        let missing = other.lines.subtracting(lines).sorted().map { "- \($0)" }
        let extra = lines.subtracting(other.lines).sorted().map { "+ \($0)" }
        return (missing + extra).prefix(20).joined(separator: "\n")
    }
}

extension NamedSet {
    fileprivate var withoutElements: NamedSet {
        var set = self
        set.elements = []
        return set
    }
}

extension NamedMap {
    fileprivate var withoutElements: NamedMap {
        var map = self
        map.elements = []
        return map
    }
}

extension TableOutline {
    /// What is in a table value, but for the maps of clients.
    fileprivate init(_ table: Table) {
        self.init(
            chains: Dictionary(uniqueKeysWithValues: table.chains.map { ($0.name, $0.rules.count) }),
            sets: Dictionary(
                uniqueKeysWithValues: table.sets.filter { !$0.flags.contains(.dynamic) }.map {
                    ($0.name, $0.elements.count)
                }),
            maps: Dictionary(
                uniqueKeysWithValues: table.maps.filter { !$0.flags.contains(.dynamic) }.map {
                    ($0.name, $0.elements.count)
                }))
    }
}
