public import Addressing

/// Who reaches whom at one port.
public struct PolicyTable: Hashable, Sendable {
    /// Who sends, a row each.
    public let sources: [FlowSource]
    /// The pods that are reached or not, a column each.
    public let destinations: [PodReference]
    /// What is spoken.
    public let transport: TransportProtocol
    /// The destinations' port.
    public let port: UInt16
    /// The verdicts, by row and column.
    public let verdicts: [[PolicyVerdict]]
}

extension PolicyOracle {
    /// Who of some pods reaches whom of them.
    ///
    /// - Parameter family: the family of the packets; nil means the first that both ends have, pair by pair.
    /// - Throws: `FlowError` where one of them is not there or has no address of the family.
    public func table(
        of pods: [PodReference], _ transport: TransportProtocol, _ port: UInt16, _ family: AddressFamily? = nil
    ) throws(FlowError) -> PolicyTable {
        try table(from: pods.map { .pod($0) }, to: pods, transport, port, family)
    }

    /// Who of some sources reaches which of some pods.
    ///
    /// - Parameter family: the family of the packets; nil means the first that both ends have, pair by pair.
    /// - Throws: `FlowError` where one of them is not there or has no address of the family.
    public func table(
        from sources: [FlowSource], to pods: [PodReference], _ transport: TransportProtocol, _ port: UInt16,
        _ family: AddressFamily? = nil
    ) throws(FlowError) -> PolicyTable {
        var rows: [[PolicyVerdict]] = []
        for source in sources {
            var row: [PolicyVerdict] = []
            for pod in pods { row.append(try verdict(from: source, to: pod, transport, port, family)) }
            rows.append(row)
        }
        return PolicyTable(
            sources: sources, destinations: pods, transport: transport, port: port, verdicts: rows)
    }
}

extension PolicyTable: CustomStringConvertible {
    /// A grid: `.` for allowed, `X` for denied, `?` for what is up to the implementation.
    public var description: String {
        let corner = "\(transport.rawValue) \(port)"
        let header = [corner] + destinations.map(\.description)
        let rows = zip(sources, verdicts).map { source, row in ["\(source)"] + row.map(Self.sign) }
        let widths = header.indices.map { column in ([header] + rows).map { $0[column].count }.max() ?? 0 }
        let lines = ([header] + rows).map { row in
            var line = ""
            for (cell, width) in zip(row, widths) {
                line += cell + String(repeating: " ", count: width - cell.count + 2)
            }
            return Words.trimmed(line)
        }
        return lines.joined(separator: "\n")
    }

    private static func sign(_ verdict: PolicyVerdict) -> String {
        verdict.isAllowed.map { $0 ? "." : "X" } ?? "?"
    }
}
