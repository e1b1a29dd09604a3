/// One aspect of an object's state (meta/v1 Condition, and the older types of the same shape).
public struct Condition: Hashable, Sendable {
    /// The aspect, such as `Ready`.
    public var type: String
    /// `True`, `False` or `Unknown`.
    public var status: String
    /// One word for programs, or empty.
    public var reason: String
    /// A sentence for people, or empty.
    public var message: String
    /// When the status last changed, or nil.
    public var lastTransitionTime: Timestamp?

    /// Whether the status is `True`.
    public var isTrue: Bool { status == "True" }

    /// Reads a condition.
    public init(_ value: JSONValue) {
        type = value["type"]?.string ?? ""
        status = value["status"]?.string ?? ""
        reason = value["reason"]?.string ?? ""
        message = value["message"]?.string ?? ""
        lastTransitionTime = Timestamp(value["lastTransitionTime"])
    }

    static func list(_ object: APIObject) -> [Condition] {
        (object["status", "conditions"]?.array ?? []).map { Condition($0) }
    }
}
