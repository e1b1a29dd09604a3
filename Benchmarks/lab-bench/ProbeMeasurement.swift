import Glibc

/// How fast the conformance suite probes: a suite of its own with a case a protocol, in which every pod probes every
/// other. Opening sockets, sending, waiting for answers, and judging each flow from its packets all count; opening the
/// captures does not.
struct ProbeMeasurement {
    let bench: Workbench
    let repetitions: Int
    let largest: Int

    /// What is read of the suite's report.
    private struct Report: Decodable {
        struct Case: Decodable {
            struct Flow: Decodable {
                let met: Bool?
                let detail: String
            }
            let id: String
            let status: String
            let problems: [String]
            let milliseconds: Double
            let flows: [Flow]
        }
        let cases: [Case]
    }

    func table() throws -> String {
        var table = Table([
            "pods on nodes", "flows a case", "TCP connections a second", "UDP exchanges a second",
            "not found delivered",
        ])
        for (pods, nodes, steps) in [(2, 2, 100), (100, 10, 1)] where pods <= largest {
            let sample = SampleLab(pods: pods, nodes: nodes)
            // Of the lab's own pods the suite takes a few only; all of its own.
            let empty = SampleLab(pods: 0, nodes: nodes)
            let suite = try writeSuite(pods: sample, steps: steps)
            try bench.up(empty)
            var rates: [String: [Double]] = [:]
            var flows = 0
            var undelivered = 0
            for _ in 0..<(repetitions + 1) / 2 {
                for item in try report(suite) {
                    rates[item.id, default: []].append(Double(item.flows.count) * 1000 / item.milliseconds)
                    flows = item.flows.count
                    undelivered += item.flows.count { $0.met != true }
                }
            }
            try bench.down(empty)
            try bench.settle()
            let cells = ["bench/tcp", "bench/udp"].map {
                rates[$0].map { $0.sorted()[($0.count - 1) / 2].figure } ?? ""
            }
            table.add([sample.title, "\(flows)"] + cells + ["\(undelivered)"])
        }
        return "\(table.text)\n"
    }

    private func report(_ suite: String) throws -> [Report.Case] {
        let report: Report = try bench.conformance(["--suite", suite])
        for item in report.cases where item.flows.isEmpty {
            throw BenchError("\(item.id) \(item.status): \(item.problems.first ?? "it probed nothing")")
        }
        return report.cases
    }

    private func writeSuite(pods sample: SampleLab, steps: Int) throws -> String {
        let directory = "\(bench.directory)/suite"
        mkdir(directory, 0o700)
        for name in ["cases", "cases/bench", "mutants", "fixtures"] { mkdir("\(directory)/\(name)", 0o700) }
        try TextFile.write(
            "\(directory)/behaviours.toml",
            "[[behaviour]]\nid = \"B1\"\nlevel = \"M\"\ntitle = \"pods reach each other\"\n")
        try TextFile.write("\(directory)/fixtures/pods.yaml", sample.manifests)
        for kind in ["tcp", "udp"] {
            let head = """
                id = "bench/\(kind)"
                proves = ["B1"]
                title = "every pod reaches every other"
                source = "benchmark"
                pods = ["../../fixtures/pods.yaml"]

                """
            let step = """

                [[step]]
                probe = { from = "pods", to = "pods", protocol = ["\(kind)/8080"] }
                expect = "delivered"

                """
            let text = head + String(repeating: step, count: steps)
            try TextFile.write("\(directory)/cases/bench/\(kind).toml", text)
        }
        return directory
    }
}
