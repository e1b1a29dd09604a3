import Glibc

/// As many hosts in mininet, on Linux bridges and without a controller. Its own clock, around start() and stop(), counts:
/// Python's start is left out.
final class MininetContender: Contender {
    private let bench: Workbench
    private let sample: SampleLab
    private var stop: Duration = .zero
    let title = "mininet"
    /// Debian's own, which mininet's package is for, whatever else is on the path.
    private static let python = "/usr/bin/python3"

    init(bench: Workbench, sample: SampleLab) {
        self.bench = bench
        self.sample = sample
    }

    /// Why there is no column, or nil where mininet can be measured.
    static func obstacle(_ bench: Workbench) throws -> String? {
        guard access(python, X_OK) == 0, try Child.run([python, "-c", "import mininet.net"]).status == 0 else {
            return "mininet is not installed (apt-get install mininet bridge-utils)"
        }
        guard Child.isInstalled("brctl") else { return "mininet's bridges need brctl (apt-get install bridge-utils)" }
        return nil
    }

    func build() throws -> Duration {
        let child = try Child.run([Self.python, bench.mininetScript, "\(sample.pods)", "\(sample.nodes)"])
            .expectSuccess()
        let seconds = child.output.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
        guard seconds.count == 2 else { throw BenchError("\(child.command) printed '\(child.output)' \(child.errors)") }
        stop = .seconds(seconds[1])
        return .seconds(seconds[0])
    }

    func remove() throws -> Duration { stop }
}
