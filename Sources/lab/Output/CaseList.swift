import Conformance

/// The cases of a suite, for `lab conformance --list`.
struct CaseList: CustomStringConvertible {
    let suite: ConformanceSuite

    init(_ suite: ConformanceSuite) {
        self.suite = suite
    }

    var description: String {
        TextTable(
            columns: ["ID", "LEVEL", "PROVES", "TITLE"],
            rows: suite.cases.map { [$0.id, $0.level.rawValue, $0.proves.joined(separator: " "), $0.title] }
        ).description
    }
}
