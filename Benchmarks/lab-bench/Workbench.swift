import FoundationEssentials
import Glibc
import Topology

/// The programs under measurement, and a directory for their input.
struct Workbench {
    let lab: String
    let floor: String
    let mininetScript: String
    let directory = "/run/lab-bench"
    /// Where every contender puts its namespaces.
    let namespaces = "/run/netns"

    init(lab: String?) throws {
        let own = try Isolation.ownPath()
        let beside = String(own[..<(own.lastIndex(of: "/") ?? own.endIndex)])
        self.lab = lab ?? "\(beside)/lab"
        floor = "\(beside)/lab-floor"
        guard access(self.lab, X_OK) == 0, access(floor, X_OK) == 0 else {
            throw BenchError("\(self.lab) and \(floor) are needed: make bench builds them")
        }
        // .build/release/lab-bench is in a link to .build/TRIPLE/release.
        let script = "Benchmarks/mininet/hosts.py"
        let candidates = [script, "\(beside)/../../\(script)", "\(beside)/../../../\(script)"]
        mininetScript = candidates.first { access($0, R_OK) == 0 } ?? script
        mkdir(directory, 0o700)
        mkdir(namespaces, 0o755)
    }

    /// Runs the floor; it prints nanoseconds.
    func floor(_ arguments: [String]) throws -> Duration {
        let child = try Child.run([floor] + arguments).expectSuccess()
        guard let nanoseconds = Int64(child.output.filter { !$0.isWhitespace }) else {
            throw BenchError("\(child.command) printed '\(child.output)' instead of nanoseconds")
        }
        return .nanoseconds(nanoseconds)
    }

    /// Waits until the kernel has taken down all that was removed, so that the next contender has it to itself.
    /// - Returns: how long that took.
    @discardableResult
    func settle() throws -> Duration { try floor(["settle"]) }

    /// Writes a lab file and brings the lab up, as a user types it.
    @discardableResult
    func up(_ sample: SampleLab) throws -> Child {
        try Child.run([lab, "up", sample.write(in: directory)]).expectSuccess()
    }

    /// Runs the conformance suite, as a user types it. Cases that fail are in the report.
    func conformance<Report: Decodable>(_ arguments: [String]) throws -> Report {
        let child = try Child.run([lab, "conformance"] + arguments + ["--output", "json"])
        guard let report = try? JSONDecoder().decode(Report.self, from: Data(child.output.utf8)) else {
            throw BenchError("\(child.command) gave no report: \(child.errors)")
        }
        return report
    }

    /// Takes a lab down, as a user types it.
    @discardableResult
    func down(_ sample: SampleLab) throws -> Child {
        try Child.run([lab, "down", sample.name]).expectSuccess()
    }
}
