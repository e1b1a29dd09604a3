/// Lines whose tabs are replaced by spaces so that what stands between tabs is aligned (Go's text/tabwriter with
/// elastic columns): a column reaches over neighbouring lines that have it, two spaces wider than its widest cell.
struct TabbedText {
    private var lines: [[String]] = []
    private static let padding = 2

    /// Adds lines, each indented by so many levels of two spaces.
    mutating func add(_ level: Int, _ text: String) {
        let indentation = String(repeating: "  ", count: level)
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let cells = (indentation + line).split(separator: "\t", omittingEmptySubsequences: false)
            lines.append(cells.map(String.init))
        }
    }

    /// The aligned text, a line break behind each line.
    var text: String {
        var result = ""
        var widths: [Int] = []
        format(lines[...], &widths, into: &result)
        return result
    }

    private func format(_ block: ArraySlice<[String]>, _ widths: inout [Int], into result: inout String) {
        let column = widths.count
        var rest = block
        while let first = rest.firstIndex(where: { column < $0.count - 1 }) {
            write(rest[..<first], widths, into: &result)
            let run = rest[first...].prefix { column < $0.count - 1 }
            let widest = run.map { $0[column].unicodeScalars.count }.max() ?? 0
            widths.append(widest + Self.padding)
            format(run, &widths, into: &result)
            widths.removeLast()
            rest = rest[run.endIndex...]
        }
        write(rest, widths, into: &result)
    }

    private func write(_ lines: ArraySlice<[String]>, _ widths: [Int], into result: inout String) {
        for line in lines {
            for (column, cell) in line.enumerated() {
                result += cell
                guard column < line.count - 1, column < widths.count else { continue }
                result += String(repeating: " ", count: max(0, widths[column] - cell.unicodeScalars.count))
            }
            result += "\n"
        }
    }
}
