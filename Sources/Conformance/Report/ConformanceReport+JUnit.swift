extension ConformanceReport {
    /// The report as JUnit XML: a test suite a group of cases, a test case a case. An inconclusive case is an error, a
    /// case that does not apply is skipped.
    public func junit() -> String {
        var groups: [(name: String, results: [CaseResult])] = []
        for result in results {
            let name = result.item.id.split(separator: "/").dropLast().joined(separator: "/")
            if let place = groups.firstIndex(where: { $0.name == name }) {
                groups[place].results.append(result)
            } else {
                groups.append((name, [result]))
            }
        }
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites\(Self.counts(results))>\n"
        for group in groups {
            let name = group.name.isEmpty ? "conformance" : group.name
            text += "  <testsuite name=\"\(XML.escaped(name))\"\(Self.counts(group.results))>\n"
            for result in group.results { text += Self.testCase(result) }
            text += "  </testsuite>\n"
        }
        return text + "</testsuites>\n"
    }

    private static func counts(_ results: [CaseResult]) -> String {
        func count(_ status: CaseResult.Status) -> Int { results.count { $0.status == status } }
        let time = seconds(results.reduce(.zero) { $0 + $1.duration })
        return " tests=\"\(results.count)\" failures=\"\(count(.failed))\" errors=\"\(count(.inconclusive))\""
            + " skipped=\"\(count(.notApplicable))\" time=\"\(time)\""
    }

    private static func testCase(_ result: CaseResult) -> String {
        let parts = result.item.id.split(separator: "/")
        let group = parts.dropLast().joined(separator: ".")
        let open =
            "    <testcase classname=\"\(XML.escaped(group.isEmpty ? "conformance" : group))\" name=\"\(XML.escaped(String(parts.last ?? "")))\" time=\"\(seconds(result.duration))\""
        let lines =
            (result.problems + result.unmet.map { "\($0.flow): expected \($0.demand), \($0.outcome)" }
                + result.unmetChecks)
        let body = XML.escaped(lines.joined(separator: "\n"))
        let message = XML.escaped(result.item.title)
        switch result.status {
        case .passed: return open + "/>\n"
        case .failed: return open + ">\n      <failure message=\"\(message)\">\(body)</failure>\n    </testcase>\n"
        case .inconclusive: return open + ">\n      <error message=\"\(message)\">\(body)</error>\n    </testcase>\n"
        case .notApplicable: return open + ">\n      <skipped message=\"\(body)\"/>\n    </testcase>\n"
        case .observed: return open + ">\n      <system-out>\(body)</system-out>\n    </testcase>\n"
        }
    }

    private static func seconds(_ duration: Duration) -> String {
        let thousandths = Int(duration.milliseconds.rounded())
        let rest = String(thousandths % 1000)
        return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - rest.utf8.count) + rest
    }
}

/// XML 1.0 text.
enum XML {
    /// The text as content or in an attribute between double quotation marks. Characters that XML cannot carry become
    /// U+FFFD.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&apos;"
            case "\n": result += "&#10;"
            case "\t": result += "&#9;"
            case "\r": result += "&#13;"
            default:
                let isCarried = scalar.value >= 0x20 && scalar.value != 0xfffe && scalar.value != 0xffff
                result.unicodeScalars.append(isCarried ? scalar : "\u{fffd}")
            }
        }
        return result
    }
}
