public import KubernetesModel

/// An object of a manifest, as it was written, with its place.
public struct ManifestObject: Sendable {
    /// The object's kind.
    public let type: ResourceType
    /// The object as it was written, with its namespace filled in where its kind has one. Nothing is defaulted.
    public let object: APIObject
    /// The file as the user named it, or nil.
    public let file: String?
    /// The document's place in the file, from 1.
    public let document: Int
    /// What was written.
    let source: DocumentValue

    /// What names the object among all of a cluster.
    public var key: ObjectKey { ObjectKey(type, object) }

    /// `service/web`, `deployment.apps/web`: how messages name the object.
    public var printedName: String { type.printedName(of: object) }

    /// A problem of a field, at the field's place or the nearest one around it.
    ///
    /// - Parameters:
    ///   - field: the field in the API's spelling, such as `spec.ports[0].port`; empty for the object as a whole.
    ///   - message: what is wrong.
    ///   - remedy: what the user can do; where that is nil, which object to mend.
    public func diagnostic(field: String = "", _ message: String, remedy: String? = nil) -> Diagnostic {
        let position = source.position(of: field)
        let place = source.path.description
        let keyPath = place.isEmpty || field.isEmpty ? place + field : "\(place).\(field)"
        let name = object.name.isEmpty ? "" : " \(Shown.quoted(object.name))"
        return Diagnostic(
            file: file, line: position?.line, column: position?.column, keyPath: Shown.bounded(keyPath),
            message: Shown.bounded(message), remedy: remedy ?? "mend \(type.kind)\(name) in document \(document)")
    }

    /// Why the API refuses the object: a problem for each field that the refusal names, or one for the object.
    public func diagnostics(of status: APIStatus) -> [Diagnostic] {
        let causes = status.details?.causes ?? []
        guard !causes.isEmpty else { return [diagnostic(status.message)] }
        return causes.map { diagnostic(field: $0.field, $0.message) }
    }

    /// Where the object's name was written, for messages: `line 12 of web.yaml`.
    var shownPlace: String {
        let line = source.position(of: "metadata.name").map { "line \($0.line)" }
        return [line, file.map(Shown.plain)].compactMap { $0 }.joined(separator: " of ")
    }
}
