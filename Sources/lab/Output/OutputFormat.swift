import ArgumentParser
import FoundationEssentials
import Yams

/// How results are written.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case table
    case json
    case yaml
}

/// A result that can be shown as a table for people and as data for programs.
protocol Rendered: Encodable {
    var tables: [TextTable] { get }
}

/// The one place that renders results.
enum Renderer {
    static func write(_ result: some Rendered, as format: OutputFormat) throws {
        switch format {
        case .table:
            FileHandleStream.standardOutput.write(result.tables.map(\.description).joined(separator: "\n"))
        case .json:
            FileHandleStream.standardOutput.write(String(decoding: try json(result), as: UTF8.self) + "\n")
        case .yaml:
            FileHandleStream.standardOutput.write(try YAMLEncoder().encode(result))
        }
    }

    static func json(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value)
    }
}

/// Columns under capitals, as kubectl prints them.
struct TextTable: CustomStringConvertible {
    /// A line above the columns, or nil.
    var title: String?
    var columns: [String]
    var rows: [[String]]

    init(title: String? = nil, columns: [String], rows: [[String]]) {
        self.title = title
        self.columns = columns
        self.rows = rows
    }

    var description: String {
        let heading = title.map { $0 + "\n" } ?? ""
        guard !rows.isEmpty else { return heading }
        let widths = columns.indices.map { column in
            ([columns] + rows).map { $0[column].count }.max() ?? 0
        }
        let lines = ([columns] + rows).map { cells in
            var line = ""
            for (cell, width) in zip(cells, widths) {
                line += cell + String(repeating: " ", count: width - cell.count + 3)
            }
            while line.last == " " { line.removeLast() }
            return line
        }
        return heading + lines.joined(separator: "\n") + "\n"
    }
}
