/// What kubectl prints, with what differs from run to run replaced by text of the same width.
enum MaskedTable {
    /// Ages become `0s`, and their column as wide as that makes it.
    static func text(_ text: String) -> String {
        var lines: [String] = []
        var column: Range<Int>?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(Array.init) {
            if line.isEmpty {
                column = nil
                lines.append("")
                continue
            }
            column = column ?? ageColumn(line)
            guard let column, column.lowerBound < line.count else {
                lines.append(String(line))
                continue
            }
            let end = min(column.upperBound, line.count)
            let word = line[column.lowerBound..<end].prefix { $0 != " " }
            let masked =
                String(word) == "AGE" ? "AGE" : word.allSatisfy { $0.isNumber || "smhdy".contains($0) } ? "0s" : "?"
            let rest = String(line[end...])
            let padding = rest.isEmpty ? "" : String(repeating: " ", count: 6 - masked.count)
            lines.append(String(line[..<column.lowerBound]) + masked + padding + rest)
        }
        return lines.joined(separator: "\n")
    }

    /// Where the column AGE begins and the next one begins.
    private static func ageColumn(_ header: [Character]) -> Range<Int>? {
        guard let start = header.indices.first(where: { header[$0...].starts(with: "AGE") }) else { return nil }
        let end = header[(start + 3)...].firstIndex { $0 != " " } ?? Int.max
        return start..<end
    }
}
