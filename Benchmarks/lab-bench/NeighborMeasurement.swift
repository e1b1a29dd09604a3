/// What it costs that pods know each other without asking: the floor with and without the pods' entries for each other.
struct NeighborMeasurement {
    let bench: Workbench
    let repetitions: Int
    let largest: Int

    func table() throws -> String {
        var table = Table(
            ["pods on nodes", "entries between pods", "with, ms", "without, ms", "µs an entry", "bytes an entry"])
        for (pods, nodes) in [(250, 1), (1000, 10)] where pods <= largest {
            let sample = SampleLab(pods: pods, nodes: nodes)
            table.add([sample.title] + (try measure(sample)))
        }
        return "\(table.text)\n"
    }

    private func measure(_ sample: SampleLab) throws -> [String] {
        let operations = try sample.operations(in: bench.directory)
        // A pod's first entry is its gateway.
        var seen: Set<String> = []
        let lean = operations.filter {
            guard case .replaceNeighbor(let namespace, _) = $0, namespace.contains(".default.") else { return true }
            return seen.insert(namespace).inserted
        }
        let entries = operations.count - lean.count
        var durations: [[Duration]] = [[], []]
        var memory: [[Double]] = [[], []]
        for _ in 0..<repetitions {
            for (index, operations) in [operations, lean].enumerated() {
                let contender = try FloorContender(bench: bench, operations: try OperationList(operations))
                let before = try Self.kernelMemory()
                durations[index].append(try contender.build())
                memory[index].append(try Self.kernelMemory() - before)
                _ = try contender.remove()
                try bench.settle()
            }
        }
        let times = durations.map { $0.median?.milliseconds ?? 0 }
        let bytes = memory.map { $0.sorted()[($0.count - 1) / 2] }
        return [
            "\(entries)", times[0].figure, times[1].figure, ((times[0] - times[1]) * 1000 / Double(entries)).figure,
            ((bytes[0] - bytes[1]) / Double(entries)).figure,
        ]
    }

    /// The kernel's small objects, in bytes.
    private static func kernelMemory() throws -> Double {
        let lines = try TextFile.read("/proc/meminfo").split(separator: "\n")
        let slab = lines.first { $0.hasPrefix("Slab:") }?.split(separator: " ").dropFirst().first.flatMap { Double($0) }
        return (slab ?? 0) * 1024
    }
}
