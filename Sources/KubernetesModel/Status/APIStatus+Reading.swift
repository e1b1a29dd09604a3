extension APIStatus {
    /// Reads a Status that a server answered with; nil for anything else.
    public init?(_ value: JSONValue) {
        guard value["kind"]?.string == "Status", let message = value["message"]?.string else { return nil }
        self.init(
            code: Int(value.number(at: "code")), reason: value.text(at: "reason").or("Unknown"), message: message,
            details: value["details"].map { Details($0) })
    }
}

extension APIStatus.Details {
    init(_ value: JSONValue) {
        self.init()
        name = value.text(at: "name")
        group = value.text(at: "group")
        kind = value.text(at: "kind")
        uid = value.text(at: "uid")
        causes = value.elements(at: "causes").map { cause in
            FieldError(field: cause.text(at: "field"), reason: cause.text(at: "reason"), cause.text(at: "message"))
        }
        retryAfterSeconds = value["retryAfterSeconds"]?.integer.map { Int($0) }
    }
}

extension FieldError {
    /// A fault as a Status tells it: the offending value stays in the detail.
    init(field: String, reason: String, _ message: String) {
        let kind = Kind(rawValue: reason) ?? .invalid
        let heading = FieldError(kind, field).message
        let isHeaded = message.hasPrefix(heading + ": ") && !heading.isEmpty
        self.init(
            kind, field, isHeaded ? String(message.dropFirst(heading.count + 2)) : message == heading ? "" : message)
    }
}
