import Addressing
public import Topology

/// A network that is broken on purpose. A suite that passes on it has a hole.
public struct Mutant: Hashable, Sendable {
    /// Its stable name.
    public var id: String
    /// What is broken, as a sentence.
    public var title: String
    /// The behaviours that it breaks; none for one that breaks nothing which the suite may fail.
    public var breaks: [String]
    /// The cases that it is tried on, and that have to fail; empty: those that prove what it breaks.
    public var cases: [String] = []
    /// What the suite must say of flows on it, at least once: a word of `FlowOutcome.word`; nil: anything.
    public var outcome: String?
    /// What a lab must have for the breakage to work.
    public var needs: LabNeeds
    /// The pod network that the lab is built with; nil: the lab file's.
    public var podNetwork: PodNetworkKind?
    /// The service proxy that the lab is built with; nil: the lab file's.
    public var serviceProxy: ServiceProxyKind?
    /// What the service proxy does wrong, by the fault's name; nil: nothing.
    public var serviceProxyFault: String?
    /// What the DNS does wrong, by the fault's name; nil: nothing.
    public var dnsFault: String?
    /// What the policy engine does wrong, by the fault's name; nil: nothing.
    public var networkPolicyFault: String?
    /// What is run, in order, once the pods are up and before anything is captured.
    public var commands: [NetworkCommand]
    /// The file that it was read from.
    public var file: String
}

extension Mutant {
    /// Whether a flow of these results has met the fate that the mutant was made for.
    func hasOutcome(in results: [CaseResult]) -> Bool {
        guard let outcome else { return true }
        return results.contains { $0.unmet.contains { $0.outcome.word == outcome } }
    }
}

/// Reads a mutant file: one mutant, or several as `[[mutant]]`.
enum MutantFile {
    static func read(_ file: SourceFile) throws(LabFileError) -> [Mutant] {
        let reader = DocumentReader(file: file.path)
        let root = try TOMLDocument.root(file)
        let mutants = TableReader(root, reader).map { table -> [Mutant] in
            guard table["mutant"] != nil else { return [read(table, reader, file.path)].compactMap(\.self) }
            table.refuseUnknownKeys(besides: ["mutant"], in: "a file of mutants")
            return table.tables("mutant").compactMap { read($0, reader, file.path) }
        }
        guard let mutants, reader.diagnostics.isEmpty else { throw LabFileError(reader.diagnostics) }
        return mutants
    }

    private static func read(_ table: TableReader, _ reader: DocumentReader, _ path: String) -> Mutant? {
        table.refuseUnknownKeys(
            besides: [
                "id", "title", "breaks", "cases", "outcome", "needs", "pod-network", "service-proxy",
                "service-proxy-fault",
                "dns-fault", "network-policy-fault", "run",
            ], in: "a mutant")
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
        let fault = table.string("service-proxy-fault")
        let dnsFault = table.string("dns-fault")
        let policyFault = table.string("network-policy-fault")
        let commands = table.tables("run").compactMap { command($0, reader) }
        if commands.isEmpty, fault == nil, dnsFault == nil, policyFault == nil, reader.diagnostics.isEmpty {
            reader.refuse(
                table.value, "the mutant runs nothing, and so breaks nothing",
                remedy: "add a [[run]] with in and command, or the fault of a component, such as dns-fault")
        }
        var needs = LabNeeds(table.table("needs"))
        if fault != nil, needs.serviceProxy == nil { needs.serviceProxy = .any }
        if dnsFault != nil { needs.dns = needs.dns ?? .any }
        if policyFault != nil { needs.networkPolicy = needs.networkPolicy ?? .any }
        guard let id, let title, let breaks else { return nil }
        return Mutant(
            id: id.value, title: title.value, breaks: breaks, cases: table.strings("cases")?.map(\.value) ?? [],
            outcome: outcome?.value, needs: needs,
            podNetwork: kind("pod-network", of: table, "pod network"),
            serviceProxy: kind("service-proxy", of: table, "service proxy"), serviceProxyFault: fault?.value,
            dnsFault: dnsFault?.value, networkPolicyFault: policyFault?.value, commands: commands, file: path)
    }

    private static func kind<Kind: RawRepresentable & CaseIterable>(
        _ key: String, of table: TableReader, _ what: String
    ) -> Kind? where Kind.RawValue == String {
        guard let text = table.string(key) else { return nil }
        if let kind = Kind(rawValue: text.value) { return kind }
        let known = Kind.allCases.map(\.rawValue).joined(separator: " or ")
        table.reader.refuse(text.source, "\(Shown.quoted(text.value)) is no \(what)", remedy: "use \(known)")
        return nil
    }

    private static func command(_ table: TableReader, _ reader: DocumentReader) -> NetworkCommand? {
        table.refuseUnknownKeys(besides: ["in", "command"], in: "a run")
        return NetworkCommand(table, "command")
    }
}
