/// What changes to a lab that is up take.
struct ConvergenceMeasurement {
    let bench: Workbench
    let repetitions: Int
    let largest: Int

    func table() throws -> String {
        var table = Table(["pods on nodes", "nothing to change, ms", "one pod more, ms", "one pod less, ms"])
        for (pods, nodes) in [(2, 2), (100, 10), (1000, 10)] where pods <= largest {
            let sample = SampleLab(pods: pods, nodes: nodes)
            let larger = SampleLab(pods: pods + 1, nodes: nodes)
            var durations: [[Duration]] = [[], [], []]
            try bench.up(sample)
            for _ in 0..<repetitions {
                for (index, step) in [sample, larger, sample].enumerated() {
                    durations[index].append(try bench.up(step).duration)
                }
            }
            try bench.down(sample)
            try bench.settle()
            table.add([sample.title] + durations.map { $0.median?.milliseconds.figure ?? "" })
        }
        return "\(table.text)\n"
    }
}
