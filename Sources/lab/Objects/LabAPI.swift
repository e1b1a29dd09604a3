import KubernetesModel
import Runtime

/// The objects of the lab that a verb is about.
struct LabAPI {
    let client: APIClient

    /// - Throws: `Failure` where there is no such lab, or whoever asks is not root.
    init(_ selection: LabSelection) throws {
        let directory = try selection.directory(LabDirectories.fromEnvironment())
        try Privilege.require("use a lab's API")
        client = APIClient(directory)
    }

    /// The objects of a kind, in one namespace or in all (nil).
    func list(
        _ type: ResourceType, namespace: String?, labels: String? = nil, fields: String? = nil
    ) throws -> (objects: [APIObject], version: String) {
        let document = try client.document(
            type.path(namespace: namespace), query: Self.selection(labels: labels, fields: fields))
        let objects = (document["items"]?.array ?? []).map { item in
            var object = APIObject(item)
            object["apiVersion"] = .string(type.apiVersion)
            object["kind"] = .string(type.kind)
            return object
        }
        return (objects, document[path: ["metadata", "resourceVersion"]]?.string ?? "")
    }

    /// An object.
    ///
    /// - Throws: `APIStatus` (404) where there is none.
    func object(_ key: ObjectKey) throws -> APIObject {
        APIObject(try client.document(key.type.path(namespace: key.namespace, name: key.name)))
    }

    /// An object, or nil where there is none.
    func objectIfAny(_ key: ObjectKey) throws -> APIObject? {
        do { return try object(key) } catch let status as APIStatus where status.code == 404 { return nil }
    }

    /// The parameters that choose among the objects of a kind.
    static func selection(labels: String?, fields: String?) -> [(name: String, value: String)] {
        [("labelSelector", labels), ("fieldSelector", fields)].compactMap { name, value in
            value.map { (name, $0) }
        }
    }

    /// The changes of a kind's objects since a version, one at a time, for as long as the caller wants; a watch that the
    /// server ends is begun anew.
    ///
    /// - Parameter body: gets the change's word (`ADDED`, `MODIFIED`, `DELETED`) and object; returns whether to go on.
    func watch(
        _ path: String, from version: String, query: [(name: String, value: String)], accept: String,
        _ body: (_ change: String, _ object: JSONValue) throws -> Bool
    ) throws {
        var version = version
        while true {
            let parameters = query + [("watch", "1"), ("resourceVersion", version), ("allowWatchBookmarks", "true")]
            let answer = try client.send(path, query: parameters, accept: accept)
            while let line = try answer.nextLine() {
                let event = try JSONValue(parsing: line)
                let object = event["object"] ?? .null
                if let status = APIStatus(object) { throw status }
                if let newer = object[path: ["metadata", "resourceVersion"]]?.string { version = newer }
                guard let change = event["type"]?.string, change != "BOOKMARK" else { continue }
                guard try body(change, object) else { return }
            }
        }
    }
}

/// Options of every verb about objects.
extension ResourceType {
    /// How errors of kubectl name the type of a word that is none.
    static func word(_ word: String) throws -> ResourceType {
        guard let type = ResourceType.named(word) else {
            throw Complaint("error: the server doesn't have a resource type \"\(word)\"")
        }
        return type
    }
}

/// What a verb says in kubectl's words, without the program's name before it, and the exit status.
struct Complaint: Error {
    let message: String
    let status: Int32

    init(_ message: String, status: Int32 = Exit.failed) {
        self.message = message
        self.status = status
    }

    /// A refusal of the API's, as kubectl words it.
    init(_ status: APIStatus) {
        self.init(Self.text(status))
    }

    /// `Error from server (NotFound): pods "x" not found`, or `The Service "x" is invalid: …`.
    static func text(_ status: APIStatus) -> String {
        guard status.reason == "Invalid", let details = status.details, !details.causes.isEmpty else {
            return status.description
        }
        let causes = details.causes.map(\.description)
        let heading = "The \(details.kind) \"\(details.name)\" is invalid: "
        return heading + (causes.count == 1 ? causes[0] : "\n" + causes.map { "* \($0)" }.joined(separator: "\n"))
    }
}
