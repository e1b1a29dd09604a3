import Glibc

/// How fast the conformance suite proves what policies do, captures on: one truth table over and over, and the whole of the
/// generated cases, each step a change and a table after it.
struct PolicyProof {
    let bench: Workbench

    private static let tables = 100
    private static let lab = "labs/two-node.toml"
    private static let pods = "conformance/fixtures/policy-pods.yaml"

    /// What is read of the suite's report.
    private struct Report: Decodable {
        struct Case: Decodable {
            struct Check: Decodable {
                let detail: String
            }
            struct Settled: Decodable {
                let milliseconds: Double
            }
            let id: String
            let status: String
            let milliseconds: Double
            let checks: [Check]
            let settled: [Settled]
        }
        let cases: [Case]

        /// The cases that were carried out.
        var played: [Case] { cases.filter { $0.status != "not-applicable" } }
    }

    func table() throws -> String {
        var table = Table(["truth tables on two nodes, captures on", "flows", "ms"])
        let again = try report(["--suite", writeSuite()]).played
        let count = Double(Self.tables)
        for item in again {
            try requirePassed(item)
            table.add([
                "one table: \(item.checks.last?.detail ?? "")", flows(of: item.checks.suffix(1)),
                (item.milliseconds / count).figure,
            ])
        }
        let start = ContinuousClock.now
        let cases = try report(["--focus", "policy"]).played.filter {
            $0.checks.contains { $0.detail.contains("flows, ") }
        }
        let whole = ContinuousClock.now - start
        try cases.forEach(requirePassed)
        let steps = cases.flatMap(\.settled).map(\.milliseconds).sorted()
        table.add([
            "the cases of NetworkPolicy: \(steps.count) changes with a table each, lab and captures included",
            flows(of: cases.flatMap(\.checks)), whole.milliseconds.figure,
        ])
        table.add([
            "from a change to its table, as the median", "", steps.isEmpty ? "" : steps[(steps.count - 1) / 2].figure,
        ])
        return table.text
    }

    private func flows(of checks: some Sequence<Report.Case.Check>) -> String {
        let counts = checks.compactMap { $0.detail.split(separator: " ").first.flatMap { Double($0) } }
        return counts.reduce(0, +).figure
    }

    private func requirePassed(_ item: Report.Case) throws {
        guard item.status == "passed" || item.status == "observed" else {
            throw BenchError("\(item.id) \(item.status)")
        }
    }

    private func report(_ arguments: [String]) throws -> Report { try bench.conformance([Self.lab] + arguments) }

    /// A suite of one case: policies that deny about half of all, and the same table again and again.
    private func writeSuite() throws -> String {
        let directory = "\(bench.directory)/tables"
        for name in ["", "cases", "cases/bench", "mutants", "fixtures"] { mkdir("\(directory)/\(name)", 0o700) }
        try TextFile.write(
            "\(directory)/behaviours.toml",
            "[[behaviour]]\nid = \"G1\"\nlevel = \"M\"\ntitle = \"default deny\"\n")
        try TextFile.write("\(directory)/fixtures/policies.yaml", Self.policies)
        guard let pods = realpath(Self.pods, nil) else {
            throw BenchError("\(Self.pods) is needed: start lab-bench where the repository is")
        }
        defer { free(pods) }
        let head = """
            id = "bench/table"
            proves = ["G1"]
            title = "every flow, again and again"
            source = "benchmark"
            needs = { network-policy = true }
            pods = ["\(String(cString: pods))"]

            [[step]]
            apply = ["../../fixtures/policies.yaml"]

            """
        let step = "\n[[step]]\ntable = \"oracle\"\nsettle = \"5s\"\n"
        try TextFile.write(
            "\(directory)/cases/bench/table.toml", head + String(repeating: step, count: Self.tables))
        return directory
    }

    private static let policies = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: deny, namespace: lab-conformance-x}
        spec: {podSelector: {}, policyTypes: [Ingress]}
        ---
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: some, namespace: lab-conformance-y}
        spec:
          podSelector: {}
          policyTypes: [Ingress]
          ingress: [{from: [{namespaceSelector: {matchLabels: {ns: z}}}], ports: [{port: 80}]}]
        """
}
