import Topology

/// A behaviour of the Kubernetes network model that can be tested: an entry of the catalogue.
public struct Behaviour: Hashable, Sendable, Codable {
    /// Its stable id, such as `B1`.
    public let id: String
    /// How binding it is: M required, P answered by a profile, I left to implementations.
    public let level: String
    /// What it says.
    public let title: String
}

/// Reads the catalogue: `[[behaviour]]` with id, level and title.
enum BehaviourFile {
    static func read(_ file: SourceFile) throws(LabFileError) -> [Behaviour] {
        let reader = DocumentReader(file: file.path)
        let root = try TOMLDocument.root(file)
        let table = TableReader(root, reader)
        table?.refuseUnknownKeys(besides: ["behaviour"], in: "the catalogue")
        let behaviours = (table?.tables("behaviour") ?? []).compactMap { entry -> Behaviour? in
            entry.refuseUnknownKeys(besides: ["id", "level", "title"], in: "a behaviour")
            guard let id = entry.required("id", remedy: "give the behaviour an id, such as \"B1\""),
                let level = entry.required("level", remedy: "write M, P or I"),
                let title = entry.required("title", remedy: "say what the behaviour is")
            else { return nil }
            if !CaseFile.isBehaviour(id.value) {
                reader.refuse(
                    id.source, "\(Shown.quoted(id.value)) is not a behaviour's id", remedy: "use a letter and a number")
            }
            if !["M", "P", "I"].contains(level.value) {
                reader.refuse(level.source, "\(Shown.quoted(level.value)) is no level", remedy: "write M, P or I")
            }
            return Behaviour(id: id.value, level: level.value, title: title.value)
        }
        guard reader.diagnostics.isEmpty else { throw LabFileError(reader.diagnostics) }
        return behaviours
    }
}
