import Addressing
import Conformance
import KubernetesModel

/// Who reaches whom: a table for every port and family.
struct PolicyGrid {
    /// A flow with what the policies say of it.
    private struct Cell {
        let flow: TableFlow
        let verdict: PolicyVerdict
    }

    private struct Sheet {
        let title: String
        /// The senders' names with their cells.
        var rows: [(name: String, cells: [Cell])] = []
    }

    private var sheets: [Sheet] = []
    private let columns: [String]

    /// - Parameters:
    ///   - namespace: only the pods of this one; nil: all.
    ///   - ports: a table for each.
    /// - Throws: `Failure` where there is no such pod.
    init(_ cluster: PolicyCluster, namespace: String?, ports: [(TransportProtocol, UInt16)]) throws {
        let pods = cluster.snapshot.pods.filter { pod in
            !pod.isHostNetwork && !pod.podIPs.isEmpty && (namespace.map { $0 == pod.namespace } ?? true)
        }.map { PodReference($0) }.sorted()
        guard !pods.isEmpty else { throw Failure("there are no pods that could be reached") }
        columns = pods.map(Self.name)
        let senders =
            pods.map { (Self.name($0), FlowEnd.pod($0)) }
            + cluster.spec.nodes.map { ("node/\($0.name)", FlowEnd.node($0.name)) }
            + cluster.spec.hosts.map { ("host/\($0.name)", FlowEnd.host($0.name)) }
        let oracle = PolicyOracle(cluster.snapshot)
        for (transport, port) in ports {
            for family in cluster.families {
                var sheet = Sheet(title: "\(transport.rawValue) \(port) \(family)")
                for (name, end) in senders {
                    let cells = try pods.compactMap { pod -> Cell? in
                        guard let flow = cluster.flow(from: end, to: .pod(pod), transport, port, family),
                            let source = try cluster.source(end, family, entrance: cluster.entrance(of: .pod(pod)))
                        else { return nil }
                        return Cell(
                            flow: flow, verdict: try oracle.verdict(from: source, to: pod, transport, port, family))
                    }
                    if cells.count == pods.count { sheet.rows.append((name, cells)) }
                }
                sheets.append(sheet)
            }
        }
    }

    /// The name without the namespace that every reader can do without.
    private static func name(_ pod: PodReference) -> String {
        pod.namespace == "default" ? pod.name : "\(pod)"
    }

    private var cells: [Cell] { sheets.flatMap { $0.rows.flatMap(\.cells) } }

    /// Every flow, in the order of the tables.
    var flows: [TableFlow] { cells.map(\.flow) }

    /// The flows of which packets did something else than the policies say.
    func differences(from fates: [TableFate]) -> [String] {
        zip(cells, fates).compactMap { cell, fate in
            guard let isAllowed = cell.verdict.isAllowed, fate.isAllowed != isAllowed else { return nil }
            return "\(cell.flow): \(fate), and \(cell.verdict)"
        }
    }

    /// The tables, and below them what packets did otherwise.
    func text(_ fates: [TableFate]?) -> String {
        var text = ""
        for sheet in sheets {
            let rows = sheet.rows.map { row in [row.name] + row.cells.map { Self.sign($0.verdict) } }
            text += TextTable(columns: [sheet.title] + columns, rows: rows).description + "\n"
        }
        text += ". allowed   X denied   ? up to the implementation\n"
        guard let fates else { return text }
        let differences = differences(from: fates)
        if differences.isEmpty { return text + "packets: \(fates.count) flows, all as the policies say\n" }
        return text + "packets: \(differences.count) of \(fates.count) flows NOT as the policies say\n"
            + differences.map { "  \($0)\n" }.joined()
    }

    private static func sign(_ verdict: PolicyVerdict) -> String {
        verdict.isAllowed.map { $0 ? "." : "X" } ?? "?"
    }
}
