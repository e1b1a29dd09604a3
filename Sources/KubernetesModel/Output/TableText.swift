/// A table as `kubectl get` prints it: cells in columns three spaces apart, headings in capitals. Rows that are printed
/// later, as `-w` does, keep to the widths of those before.
public struct TableText: Sendable {
    private let headings: [String]
    private var widths: [Int] = []
    private static let smallestWidth = 6
    private static let padding = 3

    /// A table with these headings, as they are printed.
    public init(headings: [String]) { self.headings = headings }

    /// A table of a kind, its rows being those of `row(of:type:isWide:withNamespace:now:)`.
    ///
    /// - Parameters:
    ///   - isWide: whether the columns of `-o wide` are shown.
    ///   - withNamespace: whether the namespace comes first, as with `-A`.
    public init(_ type: ResourceType, isWide: Bool = false, withNamespace: Bool = false) {
        let columns = type.tableColumns.filter { isWide || $0.priority == 0 }
        headings = (withNamespace ? ["NAMESPACE"] : []) + columns.map { $0.name.uppercased() }
    }

    /// The cells of an object that a table of its kind shows.
    public static func row(
        of object: APIObject, type: ResourceType, isWide: Bool = false, withNamespace: Bool = false, now: Int64
    ) -> [String] {
        let cells = zip(type.tableColumns, type.tableCells(of: object, now: now)).filter { column, _ in
            isWide || column.priority == 0
        }
        return (withNamespace ? [object.namespace] : []) + cells.map { $1.plainText }
    }

    /// The line of headings.
    ///
    /// - Parameter rows: the rows that follow, which have a say in the widths.
    public mutating func heading(before rows: [[String]] = []) -> String {
        widen(by: [headings] + rows)
        return line(headings)
    }

    /// Rows, a line each. Of cells with several lines the first one is shown.
    public mutating func text(of rows: [[String]]) -> String {
        let rows = rows.map { $0.map(Self.firstLine) }
        widen(by: rows)
        return rows.map { line($0) }.joined()
    }

    private static func firstLine(_ cell: String) -> String {
        let first = cell.prefix { !$0.isNewline }
        return first.endIndex == cell.endIndex ? cell : first + "..."
    }

    private mutating func widen(by rows: [[String]]) {
        for row in rows {
            for (column, cell) in row.enumerated() {
                if column == widths.count { widths.append(Self.smallestWidth) }
                widths[column] = max(widths[column], Self.firstLine(cell).unicodeScalars.count + Self.padding)
            }
        }
    }

    private func line(_ cells: [String]) -> String {
        var line = ""
        for (column, cell) in cells.enumerated() {
            line += cell
            guard column < cells.count - 1 else { break }
            line += String(repeating: " ", count: max(0, widths[column] - cell.unicodeScalars.count))
        }
        return line + "\n"
    }
}
