/// A way to build a lab. Contenders take turns.
protocol Contender {
    /// The column's heading.
    var title: String { get }
    /// Builds the lab.
    func build() throws -> Duration
    /// Removes it.
    func remove() throws -> Duration
}

/// `lab up FILE` and `lab down NAME`, whole processes.
struct LabContender: Contender {
    let bench: Workbench
    let sample: SampleLab
    var title: String { "lab up" }

    func build() throws -> Duration { try bench.up(sample).duration }
    func remove() throws -> Duration { try bench.down(sample).duration }
}

/// The same kernel requests from C; only they are timed.
struct FloorContender: Contender {
    let bench: Workbench
    let list: String
    var title: String { "floor" }

    init(bench: Workbench, operations: OperationList) throws {
        self.bench = bench
        list = "\(bench.directory)/floor.list"
        try TextFile.write(list, operations.lines.joined(separator: "\n") + "\n")
    }

    func build() throws -> Duration { try bench.floor(["build", list, bench.namespaces]) }
    func remove() throws -> Duration { try bench.floor(["remove", list, bench.namespaces]) }
}

/// As many namespaces, made and bound by C, with nothing in them.
struct BareContender: Contender {
    let bench: Workbench
    let count: Int
    var title: String { "bare floor" }

    func build() throws -> Duration { try bench.floor(["bare", "\(count)", bench.namespaces]) }
    func remove() throws -> Duration { try bench.floor(["unbare", "\(count)", bench.namespaces]) }
}
