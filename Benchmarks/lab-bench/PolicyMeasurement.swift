import Nftables

/// The built-in policy engine: what it takes to program policies, what they cost packets, whether they hold while labels
/// change, and how fast the suite proves what they do.
struct PolicyMeasurement {
    let bench: Workbench
    let repetitions: Int

    private static let count = 1000
    private static let turns = 20

    func tables() async throws -> String {
        let parts = [
            try programming(), try await PolicyThroughput(bench: bench).table(repetitions),
            try await LabelChurn(bench: bench).table(), try PolicyProof(bench: bench).table(),
        ]
        return parts.joined(separator: "\n") + "\n"
    }

    /// 1,000 policies over 1,000 pods of one node, beside `nft -f` of the same rules.
    private func programming() throws -> String {
        let programming = PolicyProgramming(ManyPolicies(count: Self.count))
        let handle = try NftablesHandle()
        var whole: [PolicyProgramming.Turn] = []
        var changes: [PolicyProgramming.Change: [PolicyProgramming.Turn]] = [:]
        for _ in 0..<repetitions {
            whole.append(try programming.program(handle))
            try programming.clear(handle)
            for kind in PolicyProgramming.Change.allCases {
                _ = try programming.program(handle)
                changes[kind, default: []] += try programming.change(kind, turns: Self.turns, handle)
                try programming.clear(handle)
            }
        }
        var table = Table([
            "\(Self.count) policies over \(Self.count) pods, one node", "rules, ms", "kernel, ms", "together, ms",
        ])
        table.add(("all of them", whole))
        for kind in PolicyProgramming.Change.allCases { table.add((kind.title, changes[kind] ?? [])) }
        let script = "\(bench.directory)/policies.nft"
        try TextFile.write(script, programming.text)
        let nft = try Child.run(["nft", "-f", script]).expectSuccess().duration
        table.add(["`nft -f` of all of them, whole process", "", nft.milliseconds.figure, ""])
        try programming.clear(handle)
        return table.text
    }
}

extension PolicyProgramming.Change {
    fileprivate var title: String {
        switch self {
        case .policy: "one policy changed"
        case .pod: "one pod's labels changed"
        }
    }
}

extension Table {
    fileprivate mutating func add(_ row: (title: String, turns: [PolicyProgramming.Turn])) {
        func figure(_ part: KeyPath<PolicyProgramming.Turn, Duration>) -> String {
            row.turns.map { $0[keyPath: part] }.median?.milliseconds.figure ?? ""
        }
        add([row.title, figure(\.building), figure(\.kernel), figure(\.total)])
    }
}
