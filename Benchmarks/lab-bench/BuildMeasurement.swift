import Topology

/// Milliseconds to build and to remove labs of several sizes, contender beside contender.
struct BuildMeasurement {
    let bench: Workbench
    let repetitions: Int
    let largest: Int

    private static let sizes = [(10, 1), (10, 10), (100, 1), (100, 10), (1000, 1), (1000, 10)]
    /// More hosts take mininet minutes.
    private static let largestForMininet = 100
    private static let titles = ["lab up", "floor", "bare floor", "ip -batch", "ip -batch, sysctl, ethtool", "mininet"]

    /// What the turns of one contender took.
    private struct Record {
        var building: [Duration] = []
        var removing: [Duration] = []
        var settling: [Duration] = []
    }

    func table() throws -> String {
        let obstacle = try MininetContender.obstacle(bench)
        let hasTools = Child.isInstalled("sysctl") && Child.isInstalled("ethtool")
        let ratios = ["lab up : floor", "mininet : lab up"]
        var building = Table(["pods on nodes"] + Self.titles + ratios)
        var removing = Table(
            ["pods on nodes"] + Self.titles.map { $0 == "lab up" ? "lab down" : $0 } + ["kernel, after lab down"])
        for (pods, nodes) in Self.sizes where pods <= largest {
            let sample = SampleLab(pods: pods, nodes: nodes)
            let withMininet = obstacle == nil && pods <= Self.largestForMininet
            let records = try measure(sample, try contenders(sample, withMininet: withMininet, hasTools: hasTools))
            let cells = Self.titles.map { cell(records[$0]?.building.median, pods) }
            building.add(
                [sample.title] + cells + [ratio(records, "lab up", "floor"), ratio(records, "mininet", "lab up")])
            let settling = records["lab up"]?.settling.median
            removing.add(
                [sample.title] + Self.titles.map { cell(records[$0]?.removing.median, pods) } + [cell(settling, pods)])
        }
        var text = "Milliseconds to build, and in brackets a pod.\n\n\(building.text)"
        if let obstacle { text += "\nNo mininet column: \(obstacle).\n" }
        if !hasTools { text += "\nNo sysctl and ethtool column: one of them is not installed.\n" }
        return text + "\nMilliseconds to remove, and in brackets a pod.\n\n\(removing.text)\n"
    }

    private func contenders(_ sample: SampleLab, withMininet: Bool, hasTools: Bool) throws -> [any Contender] {
        let operations = try sample.operations(in: bench.directory)
        let list = try OperationList(operations)
        var contenders: [any Contender] = [
            LabContender(bench: bench, sample: sample),
            try FloorContender(bench: bench, operations: list),
            BareContender(bench: bench, count: sample.pods + sample.nodes + 1),
            try IPBatchContender(bench: bench, operations: operations, isComplete: false),
        ]
        if hasTools { contenders.append(try IPBatchContender(bench: bench, operations: operations, isComplete: true)) }
        if withMininet { contenders.append(MininetContender(bench: bench, sample: sample)) }
        return contenders
    }

    private func measure(_ sample: SampleLab, _ contenders: [any Contender]) throws -> [String: Record] {
        var records: [String: Record] = [:]
        for _ in 0..<(sample.pods < 1000 ? repetitions : (repetitions + 1) / 2) {
            for contender in contenders {
                records[contender.title, default: Record()].building.append(try contender.build())
                records[contender.title, default: Record()].removing.append(try contender.remove())
                records[contender.title, default: Record()].settling.append(try bench.settle())
            }
        }
        return records
    }

    private func cell(_ duration: Duration?, _ pods: Int) -> String {
        guard let milliseconds = duration?.milliseconds else { return "" }
        return "\(milliseconds.figure) (\((milliseconds / Double(pods)).figure))"
    }

    /// The median of the turns' own ratios: both contenders of a turn met the same machine.
    private func ratio(_ records: [String: Record], _ upper: String, _ lower: String) -> String {
        guard let upper = records[upper]?.building, let lower = records[lower]?.building, upper.count == lower.count
        else { return "" }
        let ratios = zip(upper, lower).map { $0.milliseconds / $1.milliseconds }.sorted()
        return ratios[(ratios.count - 1) / 2].figure
    }
}
