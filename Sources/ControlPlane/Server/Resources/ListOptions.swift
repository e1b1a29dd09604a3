internal import KubernetesModel

/// How objects are listed or watched (meta/v1 ListOptions).
struct ListOptions: Sendable {
    let selection: ObjectSelection
    let isWatch: Bool
    /// From which version; nil where the client names none.
    let resourceVersion: UInt64?
    let limit: Int?
    let continuation: String?
    let allowsBookmarks: Bool
    let timeoutSeconds: Int64?
    /// Whether a watch begins with what there is; nil where the client does not say.
    let sendsInitialEvents: Bool?

    /// - Throws: `APIStatus`: 400 where a parameter cannot be read, 422 where parameters do not go together.
    init(_ query: Query, _ target: ResourceTarget) throws(APIStatus) {
        let type = target.type
        var fields = FieldSelector.everything
        if let text = query["fieldSelector"] { fields = try FieldSelector(parsing: text, for: type) }
        if let name = target.name { fields = FieldSelector(name: name) }
        selection = ObjectSelection(
            type, namespace: target.namespace, labels: try LabelSelector(parsing: query["labelSelector"] ?? ""),
            fields: fields)
        isWatch = query.flag("watch")
        if let text = query["resourceVersion"], !text.isEmpty {
            guard let version = UInt64(text) else {
                let fault = FieldError.invalid("resourceVersion", .string(text), "must be a non-negative integer")
                throw RequestService.invalid("ListOptions", [fault])
            }
            resourceVersion = version
        } else {
            resourceVersion = nil
        }
        limit = try Self.number(query, "limit").flatMap { $0 > 0 ? Int(clamping: $0) : nil }
        continuation = query["continue"].flatMap { $0.isEmpty ? nil : $0 }
        allowsBookmarks = query.flag("allowWatchBookmarks")
        timeoutSeconds = try Self.number(query, "timeoutSeconds")
        sendsInitialEvents = query["sendInitialEvents"].map { _ in query.flag("sendInitialEvents") }
        let faults = self.faults(match: query["resourceVersionMatch"] ?? "")
        if !faults.isEmpty { throw RequestService.invalid("ListOptions", faults) }
    }

    /// What does not go together, in the API server's words (apimachinery's ValidateListOptions).
    private func faults(match: String) -> [FieldError] {
        if isWatch {
            guard sendsInitialEvents != nil else {
                return match.isEmpty
                    ? []
                    : [
                        .forbidden(
                            "resourceVersionMatch",
                            "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided")
                    ]
            }
            if match != "NotOlderThan" {
                return [
                    .forbidden(
                        "resourceVersionMatch",
                        "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan")
                ]
            }
            return continuation == nil ? [] : [.forbidden("continue", "sendInitialEvents and continue are exclusive")]
        }
        var faults: [FieldError] = []
        if sendsInitialEvents != nil {
            faults.append(.forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list"))
        }
        guard !match.isEmpty else { return faults }
        if resourceVersion == nil {
            faults.append(
                .forbidden(
                    "resourceVersionMatch", "resourceVersionMatch is forbidden unless resourceVersion is provided"))
        }
        if continuation != nil {
            faults.append(
                .forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden when continue is provided"))
        }
        if !["NotOlderThan", "Exact"].contains(match) {
            faults.append(.notSupported("resourceVersionMatch", .string(match), ["NotOlderThan", "Exact", ""]))
        } else if match == "Exact", resourceVersion == 0 {
            faults.append(
                .forbidden(
                    "resourceVersionMatch",
                    "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\""))
        }
        return faults
    }

    private static func number(_ query: Query, _ name: String) throws(APIStatus) -> Int64? {
        guard let text = query[name], !text.isEmpty else { return nil }
        guard let number = Int64(text) else {
            throw .badRequest("the parameter \(name) is no whole number: \"\(text.prefix(50))\"")
        }
        return number
    }
}
