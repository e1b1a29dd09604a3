/// Figures as the tables show them.
extension Duration {
    var milliseconds: Double {
        Double(components.seconds) * 1000 + Double(components.attoseconds) / 1e15
    }
}

extension [Duration] {
    /// The middle one; of an even number the lower of the two middle ones.
    var median: Duration? {
        isEmpty ? nil : sorted()[(count - 1) / 2]
    }
}

extension Double {
    /// Three significant digits.
    var figure: String {
        guard self != 0, isFinite else { return "\(self)" }
        var digits = 2
        var bound = 10.0
        while digits > 0, magnitude >= bound {
            digits -= 1
            bound *= 10
        }
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let rounded = (self * scale).rounded() / scale
        return digits == 0 ? grouped(Int(rounded)) : "\(rounded)"
    }

    private func grouped(_ number: Int) -> String {
        let digits = String(number.magnitude)
        var text = number < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return text
    }
}

/// A Markdown table.
struct Table {
    let headings: [String]
    private var rows: [[String]] = []

    init(_ headings: [String]) {
        self.headings = headings
    }

    mutating func add(_ row: [String]) { rows.append(row) }

    var text: String {
        let rule = headings.indices.map { $0 == 0 ? "---" : "---:" }
        return ([headings, rule] + rows).map { "| " + $0.joined(separator: " | ") + " |\n" }.joined()
    }
}
