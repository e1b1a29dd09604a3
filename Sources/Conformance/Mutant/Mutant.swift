import Addressing
public import Topology

/// A pod network that is broken on purpose. A suite that passes on it has a hole.
public struct Mutant: Hashable, Sendable {
    /// Its stable name.
    public var id: String
    /// What is broken, as a sentence.
    public var title: String
    /// The behaviours that it breaks; none for one that breaks nothing which the suite may fail.
    public var breaks: [String]
    /// What the suite must say of flows on it, at least once: a word of `FlowOutcome.word`; nil: anything.
    public var outcome: String?
    /// What a lab must have for the breakage to work.
    public var needs: LabNeeds
    /// The pod network that the lab is built with; nil: the lab file's.
    public var podNetwork: PodNetworkKind?
    /// What is run, in order, once the pods are up and before anything is captured.
    public var commands: [MutantCommand]
    /// The file that it was read from.
    public var file: String
}

/// A program that a mutant runs.
public struct MutantCommand: Hashable, Sendable {
    /// In whose network namespaces: in each of them once.
    public var participants: [ParticipantSelector]
    /// The program and its arguments, with placeholders.
    public var arguments: [String]
}

/// Reads a mutant file.
enum MutantFile {
    static func read(_ file: SourceFile) throws(LabFileError) -> Mutant {
        let reader = DocumentReader(file: file.path)
        let root = try TOMLDocument.root(file)
        let mutant = TableReader(root, reader).flatMap { read($0, reader, file.path) }
        guard let mutant, reader.diagnostics.isEmpty else { throw LabFileError(reader.diagnostics) }
        return mutant
    }

    private static func read(_ table: TableReader, _ reader: DocumentReader, _ path: String) -> Mutant? {
        table.refuseUnknownKeys(
            besides: ["id", "title", "breaks", "outcome", "needs", "pod-network", "run"], in: "a mutant")
        let id = table.required("id", remedy: "name the mutant, such as \"masquerades-between-nodes\"")
        if let id, !CaseFile.isIdentifier(id.value) {
            reader.refuse(
                id.source, "\(Shown.quoted(id.value)) is not a mutant's id",
                remedy: "use lower-case words with '-' between")
        }
        let title = table.required("title", remedy: "say in a sentence what is broken")
        let breaks = CaseFile(reader: reader, directory: "").behaviours("breaks", of: table)
        let outcome = table.string("outcome")
        if let outcome, !FlowOutcome.words.contains(outcome.value) {
            reader.refuse(
                outcome.source, "\(Shown.quoted(outcome.value)) is no outcome of a flow",
                remedy: "use \(FlowOutcome.words.joined(separator: ", "))")
        }
        var podNetwork: PodNetworkKind?
        if let text = table.string("pod-network") {
            podNetwork = PodNetworkKind(rawValue: text.value)
            if podNetwork == nil {
                let known = PodNetworkKind.allCases.map(\.rawValue).joined(separator: " or ")
                reader.refuse(text.source, "\(Shown.quoted(text.value)) is no pod network", remedy: "use \(known)")
            }
        }
        let commands = table.tables("run").compactMap { command($0, reader) }
        if commands.isEmpty, reader.diagnostics.isEmpty {
            reader.refuse(
                table.value, "the mutant runs nothing, and so breaks nothing",
                remedy: "add a [[run]] with in and command")
        }
        guard let id, let title, let breaks else { return nil }
        return Mutant(
            id: id.value, title: title.value, breaks: breaks, outcome: outcome?.value,
            needs: LabNeeds(table.table("needs")), podNetwork: podNetwork,
            commands: commands, file: path)
    }

    private static func command(_ table: TableReader, _ reader: DocumentReader) -> MutantCommand? {
        table.refuseUnknownKeys(besides: ["in", "command"], in: "a run")
        guard let place = table.required("in", remedy: "say where, such as \"nodes\"") else { return nil }
        guard let selector = ParticipantSelector(place.value) else {
            reader.refuse(
                place.source, "\(Shown.quoted(place.value)) selects nothing",
                remedy: "use nodes, pods, hosts, host-network-pods, node/NAME, pod/NAME or host/NAME")
            return nil
        }
        guard let words = table.strings("command"), !words.isEmpty else {
            reader.refuse(
                at: table.value.path["command"], position: table.value.position, "is missing",
                remedy: "give the program and its arguments as a list")
            return nil
        }
        return MutantCommand(participants: [selector], arguments: words.map(\.value))
    }
}
