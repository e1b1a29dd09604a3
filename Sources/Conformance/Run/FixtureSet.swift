import Topology

/// The pods of all cases of a run together.
struct FixtureSet: Sendable {
    /// The pods, each once.
    private(set) var pods: [PodManifest] = []
    /// The qualified names of each manifest's pods, by its real path.
    private var namesByFile: [String: Set<String>] = [:]

    /// Reads the manifests of cases for a lab.
    /// - Throws: `LabFileError` with the problems of the first bad manifest.
    init(_ cases: [ConformanceCase], lab: LabSpec) throws {
        let reader = FixturePods(placeholders: Placeholders(lab))
        for path in cases.flatMap(\.pods) {
            let identity = Self.identity(path)
            guard namesByFile[identity] == nil else { continue }
            let read = try reader.read(path)
            for pod in read where !LabModel.isFixture(pod.namespace) {
                throw ConformanceError(
                    "\(path) puts \(pod.name) into the namespace \(pod.namespace)",
                    remedy: "leave the namespace out, or begin its name with \(LabModel.fixtureNamespace)-")
            }
            namesByFile[identity] = Set(read.map { "\($0.namespace)/\($0.name)" })
            pods += read
        }
    }

    /// The pods that manifests define on this lab.
    func names(of paths: [String]) -> Set<String> {
        Set(paths.flatMap { namesByFile[Self.identity($0)] ?? [] })
    }

    /// The path without `.` and `..`, which the cases' files are full of.
    private static func identity(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
        }
        return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
    }
}
