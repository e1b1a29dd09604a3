/// What it takes to run a program that does nothing.
struct ExecMeasurement {
    let bench: Workbench
    private static let turns = 50

    func table() throws -> String {
        let sample = SampleLab(pods: 10, nodes: 1)
        try bench.up(sample)
        let commands: [(title: String, words: [String])] = [
            ("lab exec pod-0 -- true", [bench.lab, "exec", "pod-0", "--", "true"]),
            ("ip netns exec NAMESPACE true", ["ip", "netns", "exec", "\(sample.name).default.pod-0", "true"]),
            ("true", ["true"]),
            ("lab --version", [bench.lab, "--version"]),
        ]
        var durations = commands.map { _ in [Duration]() }
        for _ in 0..<Self.turns {
            for (index, command) in commands.enumerated() {
                durations[index].append(try Child.run(command.words).expectSuccess().duration)
            }
        }
        try bench.down(sample)
        try bench.settle()
        var table = Table(["command", "ms"])
        for (command, durations) in zip(commands, durations) {
            table.add(["`\(command.title)`", durations.median?.milliseconds.figure ?? ""])
        }
        return "Medians of \(Self.turns) turns, from fork to exit.\n\n\(table.text)\n"
    }
}
