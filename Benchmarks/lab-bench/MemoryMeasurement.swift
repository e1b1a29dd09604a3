import Glibc

/// The most memory that lab's two processes ever held.
struct MemoryMeasurement {
    let bench: Workbench
    let largest: Int

    func table() throws -> String {
        var table = Table(["pods on nodes", "lab up, MiB", "supervisor, MiB"])
        for (pods, nodes) in [(2, 2), (100, 10), (1000, 10)] where pods <= largest {
            let sample = SampleLab(pods: pods, nodes: nodes)
            // The wrapper is small: a child starts with its parent's peak.
            let wrapped = try Child.run([bench.floor, "peak", bench.lab, "up", sample.write(in: bench.directory)])
                .expectSuccess()
            let up = wrapped.output.split(whereSeparator: \.isWhitespace).last.flatMap { Double($0) }
            let supervisor = try Self.supervisor(sample, field: "VmHWM")
            try bench.down(sample)
            try bench.settle()
            table.add([sample.title] + [up, supervisor].map { $0.map { ($0 / 1024).figure } ?? "" })
        }
        return "\(table.text)\n"
    }

    /// What the kernel says of a lab's supervisor in a field of its status, in KiB.
    static func supervisor(_ sample: SampleLab, field: String) throws -> Double? {
        guard let process = try process(["supervise", sample.name]) else { return nil }
        let line = try TextFile.read("/proc/\(process)/status").split(separator: "\n").first {
            $0.hasPrefix("\(field):")
        }
        return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Double($0) }
    }

    /// The process whose arguments, without its program, are these.
    private static func process(_ arguments: [String]) throws -> Int32? {
        guard let directory = opendir("/proc") else { return nil }
        defer { closedir(directory) }
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard let process = Int32(name), let words = try? TextFile.read("/proc/\(process)/cmdline") else {
                continue
            }
            if words.split(separator: "\0").dropFirst().map(String.init) == arguments { return process }
        }
        return nil
    }
}
