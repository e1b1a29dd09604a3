import ArgumentParser
import KubernetesModel
import Runtime
import Topology

/// `lab apply`
struct Apply: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Create or change objects as manifests say, all of them or none.",
        usage: "lab apply -f FILE|DIRECTORY|- [-n NAMESPACE] [--dry-run]",
        discussion: """
            Manifests are checked before the lab is asked: every mistake is listed with file, line and column, and nothing is \
            changed. What the lab refuses is listed in the same way.
            """)

    @Option(
        name: [.customShort("f", allowingJoined: true), .long],
        help: "A file of YAML or JSON, a directory of them, or - for standard input; may be repeated.",
        completion: .file(extensions: ["yaml", "yml", "json"]))
    var filename: [String]

    @Flag(name: [.customShort("R"), .long], help: "Look for manifests in directories of directories too.")
    var recursive = false

    @Option(name: [.short, .long], help: "The namespace of objects that name none; others are refused.")
    var namespace: String?

    @Option(defaultAsFlag: DryRun.server, help: "Say what would happen, and change nothing; client asks nobody.")
    var dryRun: DryRun?

    @Flag(help: "Accepted for kubectl's sake: the lab always applies on its own side.")
    var serverSide = false

    @Flag(help: "Accepted for kubectl's sake: fields that others have set are always taken over.")
    var forceConflicts = false

    @Option(help: "Who applies, for the ownership of fields.")
    var fieldManager = "lab"

    @OptionGroup var selection: LabSelection

    /// How far a dry run goes.
    enum DryRun: String, ExpressibleByArgument, CaseIterable {
        case none
        case client
        case server
    }

    func run() throws {
        let manifests = try ManifestSource(filename, isRecursive: recursive, namespace: namespace).objects()
        guard !manifests.isEmpty else { throw Complaint("error: no objects passed to apply") }
        if dryRun == .client {
            FileHandleStream.standardOutput.write(
                manifests.map { "\($0.printedName) is valid (dry run, client side)\n" }.joined())
            return
        }
        let outcomes = try apply(manifests, LabAPI(selection))
        let suffix = dryRun == .server ? " (server dry run)" : ""
        for warning in outcomes.flatMap(\.warnings) { FileHandleStream.standardError.write("Warning: \(warning)\n") }
        FileHandleStream.standardOutput.write(
            zip(manifests, outcomes).map { "\($0.printedName) \($1.word)\(suffix)\n" }.joined())
    }

    /// Applies the objects in one request.
    ///
    /// - Returns: for each object what happened and what the server has to say.
    /// - Throws: `Complaint` with every object that is refused.
    private func apply(_ manifests: [ManifestObject], _ api: LabAPI) throws -> [(word: String, warnings: [String])] {
        var query: [(name: String, value: String)] = [("fieldManager", fieldManager)]
        if dryRun == .server { query.append(("dryRun", "All")) }
        var body: [UInt8] = [UInt8(ascii: "[")]
        for (index, manifest) in manifests.enumerated() {
            if index > 0 { body.append(UInt8(ascii: ",")) }
            manifest.object.value.append(to: &body)
        }
        body.append(UInt8(ascii: "]"))
        let answer = try api.client.document("/lab/v1/apply", method: "POST", query: query, body: body)
        if let refusals = answer["refusals"]?.array { throw Self.complaint(refusals, manifests) }
        return (answer["results"]?.array ?? []).map { result in
            (result["outcome"]?.string ?? "applied", (result["warnings"]?.array ?? []).compactMap(\.string))
        }
    }

    private static func complaint(_ refusals: [JSONValue], _ manifests: [ManifestObject]) -> Complaint {
        let problems = refusals.flatMap { refusal -> [Diagnostic] in
            guard let index = refusal["index"]?.integer.flatMap({ Int(exactly: $0) }),
                manifests.indices.contains(index),
                let status = refusal["status"].flatMap({ APIStatus($0) })
            else { return [] }
            return manifests[index].diagnostics(of: status)
        }
        return Complaint(problems.isEmpty ? "the lab refused the objects" : "\(LabFileError(problems))")
    }
}
