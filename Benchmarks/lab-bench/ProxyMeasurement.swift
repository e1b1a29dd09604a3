import NetworkNamespaces
import Nftables
import ServiceProxy

/// The built-in service proxies at 10,000 Services: beside `nft -f` with the rules that kube-proxy lays out, and in labs.
struct ProxyMeasurement {
    let bench: Workbench
    let repetitions: Int

    static let services = 10_000
    private static let turns = 20
    private static let nft = "`nft -f`"

    /// What the turns of one contender took.
    private struct Record {
        var programming: [ProxyProgramming.Turn] = []
        var changing: [ProxyProgramming.Turn] = []
    }

    func table() async throws -> String {
        let visitor = NamespaceVisitor(try NamespaceThread.start())
        var text = try programming()
        for layout in ProxyLayout.allCases {
            text += "\n" + (try await ProxyLabs(bench: bench, layout: layout, visitor: visitor).table(repetitions))
        }
        return text + "\n"
    }

    private func programming() throws -> String {
        let programming = try ProxyProgramming(ManyServices(count: Self.services))
        let handle = try NftablesHandle()
        var records: [String: Record] = [:]
        for layout in ProxyLayout.allCases {
            var record = Record()
            // The kernel takes minutes for chains: their one turn says enough.
            for _ in 0..<(layout == .dataMaps ? repetitions : 1) {
                record.programming.append(try programming.program(layout, handle))
                if record.changing.isEmpty {
                    record.changing = try programming.replaceEndpoints(layout, turns: Self.turns) {
                        try handle.commit($0.changes, to: $0.tables)
                    }
                }
                try programming.clear(handle)
            }
            records[layout.rawValue] = record
        }
        records[Self.nft] = try loading(programming)
        try programming.clear(handle)
        return table(of: records)
    }

    /// The same rules by nft.
    private func loading(_ programming: ProxyProgramming) throws -> Record {
        var record = Record()
        let script = "\(bench.directory)/rules.nft"
        try TextFile.write(script, programming.text(.chains))
        var turn = ProxyProgramming.Turn()
        let before = try KernelMemory.now()
        turn.kernel = try Child.run(["nft", "-f", script]).expectSuccess().duration
        turn.memory = try KernelMemory.now() - before
        record.programming = [turn]
        // It reads all that is there before it changes anything.
        record.changing = try programming.replaceEndpoints(.chains, turns: 5) {
            try TextFile.write(script, NftScript.text(of: $0.changes))
            try Child.run(["nft", "-f", script]).expectSuccess()
        }
        return record
    }

    private func table(of records: [String: Record]) -> String {
        var table = Table([
            "\(Self.services) Services of \(ManyServices.endpoints) endpoints, one node", "rules, ms", "kernel, ms",
            "together, ms", "kernel's memory, MiB", "one endpoint: rules, ms", "kernel, ms",
        ])
        let titles = [
            (ProxyLayout.dataMaps.rawValue, "`nftables`: data maps"),
            (ProxyLayout.chains.rawValue, "`nftables-chains`: kube-proxy's layout"),
            (Self.nft, "\(Self.nft) of kube-proxy's layout, whole process"),
        ]
        for (name, title) in titles {
            guard let record = records[name] else { continue }
            let isProgram = name == Self.nft
            let memory = record.programming.map(\.memory).sorted()
            table.add([
                title, isProgram ? "" : figure(record.programming, \.building), figure(record.programming, \.kernel),
                figure(record.programming, \.total), (memory[(memory.count - 1) / 2] / 1_048_576).figure,
                isProgram ? "" : figure(record.changing, \.building), figure(record.changing, \.kernel),
            ])
        }
        return table.text
    }

    private func figure(
        _ turns: [ProxyProgramming.Turn], _ part: KeyPath<ProxyProgramming.Turn, Duration>
    ) -> String {
        turns.map { $0[keyPath: part] }.median?.milliseconds.figure ?? ""
    }
}
