import FoundationEssentials

/// What the suite has shown of several service proxies.
///
///                           nftables        nftables-chains
///     service/cluster-ip    ✓   412 ms      ✓   430 ms
///     service/hairpin       ✗   318 ms      ✓   301 ms
public struct MatrixReport: Sendable {
    /// The reports, each of one proxy.
    public let reports: [ConformanceReport]

    init(_ reports: [ConformanceReport]) {
        self.reports = reports
    }

    /// Whether the suite has passed on all of them.
    public var hasPassed: Bool { !reports.isEmpty && reports.allSatisfy(\.hasPassed) }

    private static func name(_ report: ConformanceReport) -> String {
        report.lab.components.serviceProxy?.rawValue ?? "none"
    }

    /// The cases by the proxies, each with its mark and time, and what differs.
    public func table(color: Bool) -> String {
        let style = ReportStyle(color: color)
        let cases = reports.first?.results.map(\.item.id) ?? []
        let left = (cases.map(\.count).max() ?? 0) + 2
        let widths = reports.map { max(Self.name($0).count, 11) + 3 }
        var lines = [
            "".padded(to: left) + zip(reports, widths).map { Self.name($0).padded(to: $1) }.joined()
        ]
        for (row, id) in cases.enumerated() {
            let cells = zip(reports, widths).map { report, width in
                cell(report.results[row], style, width: width)
            }
            lines.append(id.padded(to: left) + cells.joined())
        }
        lines.append("")
        for (report, name) in reports.map({ ($0, Self.name($0)) }) {
            lines.append(name.padded(to: (widths.max() ?? 0)) + report.summary(style))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func cell(_ result: CaseResult, _ style: ReportStyle, width: Int) -> String {
        let time = result.status == .notApplicable ? "" : "\(Int(result.duration.milliseconds.rounded())) ms"
        let text = time.paddedLeft(to: 9)
        return "\(style.mark(result.status)) \(text)" + String(repeating: " ", count: max(0, width - 2 - text.count))
    }

    /// The matrix, with the whole report of each proxy before it.
    public func tables(color: Bool) -> String {
        let style = ReportStyle(color: color)
        let whole = reports.map { "\(style.dim("service proxy \(Self.name($0))"))\n" + $0.table(color: color) }
        return (whole + [table(color: color)]).joined(separator: "\n")
    }

    /// The reports as JSON, under `runs`.
    public func json() throws -> String {
        let document = MatrixDocument(
            result: hasPassed ? "passed" : "failed", runs: reports.map { ReportDocument($0) })
        return String(decoding: try JSONText.encode(document), as: UTF8.self)
    }

    /// The reports as JUnit XML: the test suites of each proxy have its name before theirs.
    public func junit() -> String {
        let results = reports.flatMap(\.results)
        let suites = reports.map { $0.testSuites(prefix: "\(Self.name($0))/") }.joined()
        return ConformanceReport.testSuites(of: results, suites)
    }
}

/// The JSON of several reports.
private struct MatrixDocument: Encodable {
    let version = 1
    let result: String
    let runs: [ReportDocument]
}
