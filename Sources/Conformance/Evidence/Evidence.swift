import FoundationEssentials
import PacketCapture

/// The directory of a case's evidence:
///
///     evidence.pcapng    the case's packets, an interface a capture point, verdicts as packet comments
///     verdict.json       every flow with its verdict
///     state/             what the nodes' kernels had programmed, where the case failed
struct Evidence {
    /// The directory's path.
    let directory: String
    /// The lab's name.
    let lab: String

    /// Writes the evidence, in place of an earlier run's.
    /// - Throws: `ConformanceError` where a file cannot be written.
    func write(_ outcome: CaseRunner.Outcome, points: [CapturePoint], states: [NodeState]) throws {
        let files = FileManager.default
        let result = outcome.result
        do {
            try files.createDirectory(atPath: directory, withIntermediateDirectories: true)
            if files.fileExists(atPath: "\(directory)/state") { try files.removeItem(atPath: "\(directory)/state") }
            let section = PcapngSection(
                operatingSystem: "Linux", comment: "\(result.item.id) on the lab \(lab): \(result.status.rawValue)")
            try PcapngWriter(section: section, points: points).write(
                outcome.packets, to: "\(directory)/evidence.pcapng")
            try JSONText.encode(CaseDocument(result)).write(to: URL(filePath: "\(directory)/verdict.json"))
            if !states.isEmpty {
                try files.createDirectory(atPath: "\(directory)/state", withIntermediateDirectories: true)
            }
            for state in states {
                for (name, text) in state.parts {
                    try Data(text.utf8).write(to: URL(filePath: "\(directory)/state/\(state.node).\(name).txt"))
                }
            }
        } catch {
            throw ConformanceError(
                "cannot write the evidence of \(result.item.id) to \(directory): \(error)",
                remedy: "name another directory, or make room")
        }
    }
}
