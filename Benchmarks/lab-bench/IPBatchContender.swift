import Glibc
import Topology

/// The commands that `lab up --commands` prints, grouped as a person would who knows `ip -batch`: one batch makes the
/// namespaces, one a node makes its links, one a namespace configures it.
///
/// Settings and offloads are no business of `ip`: without them the column shows what ip alone takes; with them there is
/// one `ip netns exec … sysctl` a namespace, and one `ethtool` an interface.
struct IPBatchContender: Contender {
    let bench: Workbench
    let isComplete: Bool
    private let steps: [[String]]
    private let removal: [String]

    var title: String { isComplete ? "ip -batch, sysctl, ethtool" : "ip -batch" }

    init(bench: Workbench, operations: [Operation], isComplete: Bool) throws {
        self.bench = bench
        self.isComplete = isComplete
        var script = BatchScript(directory: bench.directory)
        for operation in operations { for line in operation.commands { script.add(line, of: operation) } }
        steps = try script.steps(isComplete: isComplete)
        removal = try script.removal()
    }

    func build() throws -> Duration { try run(steps) }
    func remove() throws -> Duration { try run([removal]) }

    private func run(_ steps: [[String]]) throws -> Duration {
        let start = ContinuousClock.now
        for step in steps { try Child.run(step).expectSuccess() }
        return ContinuousClock.now - start
    }
}

/// Sorts commands into batch files.
private struct BatchScript {
    let directory: String
    private var namespaces: [String] = []
    /// Links first, since veths join two namespaces; then all else, a batch a namespace and program.
    private var links: [(namespace: String, program: String, lines: [String])] = []
    private var others: [(namespace: String, program: String, lines: [String])] = []
    private var settings: [(namespace: String, values: [String])] = []
    private var offloads: [[String]] = []

    init(directory: String) {
        self.directory = directory
    }

    mutating func add(_ line: String, of operation: Operation) {
        let words = line.split(separator: " ").map(String.init)
        if words.starts(with: ["ip", "netns", "add"]) {
            namespaces.append(words[3])
        } else if words.starts(with: ["ip", "netns", "exec"]) {
            if words[4] != "sysctl" {
                offloads.append(words)
            } else if settings.last?.namespace == words[3] {
                settings[settings.count - 1].values.append(words[words.count - 1])
            } else {
                settings.append((words[3], [words[words.count - 1]]))
            }
        } else {
            let rest = words.dropFirst(3).joined(separator: " ")
            let isLink = rest.hasPrefix("link add") || rest.hasPrefix("link property")
            if isLink {
                Self.append(rest, program: words[0], namespace: words[2], to: &links)
            } else {
                Self.append(rest, program: words[0], namespace: words[2], to: &others)
            }
        }
    }

    private static func append(
        _ line: String, program: String, namespace: String,
        to batches: inout [(namespace: String, program: String, lines: [String])]
    ) {
        // Links of a node arrive among those of others; the configuration of a namespace in one piece.
        if let index = batches.lastIndex(where: { $0.namespace == namespace && $0.program == program }) {
            batches[index].lines.append(line)
        } else {
            batches.append((namespace, program, [line]))
        }
    }

    /// The command lines, in order.
    func steps(isComplete: Bool) throws -> [[String]] {
        var steps = [["ip", "-batch", try file("add", namespaces.map { "netns add \($0)" })]]
        if isComplete {
            // -e: a kernel may lack a setting that the lab can do without.
            steps += settings.map { ["ip", "netns", "exec", $0.namespace, "sysctl", "-e", "-q", "-w"] + $0.values }
        }
        for (index, batch) in (links + others).enumerated() {
            steps.append([batch.program, "-n", batch.namespace, "-batch", try file("\(index)", batch.lines)])
        }
        if isComplete { steps += offloads }
        return steps
    }

    func removal() throws -> [String] {
        ["ip", "-batch", try file("delete", namespaces.map { "netns delete \($0)" })]
    }

    private func file(_ name: String, _ lines: [String]) throws -> String {
        let path = "\(directory)/batch-\(name)"
        try TextFile.write(path, lines.joined(separator: "\n") + "\n")
        return path
    }
}
