import KubernetesModel

/// The conditions in an object's status, changed as the API wants it: a time says when the status last changed.
struct ConditionList {
    private(set) var elements: [JSONValue]

    init(_ object: APIObject) { elements = object["status", "conditions"]?.array ?? [] }

    func condition(_ type: String) -> JSONValue? { elements.first { $0["type"]?.string == type } }

    /// Sets a condition. Nothing is touched where status, reason and message are the same already.
    ///
    /// - Parameter isTimed: whether it also has a lastUpdateTime, as those of Deployments.
    mutating func set(
        _ type: String, _ status: String, reason: String, _ message: String, at now: Timestamp, isTimed: Bool = false
    ) {
        let previous = condition(type)
        let isSameStatus = previous?["status"]?.string == status
        if isSameStatus, previous?["reason"]?.string == reason, previous?["message"]?.string ?? "" == message { return }
        var next = previous ?? ["type": .string(type)]
        next["status"] = .string(status)
        next["reason"] = reason.isEmpty ? nil : .string(reason)
        next["message"] = message.isEmpty ? nil : .string(message)
        if !isSameStatus { next["lastTransitionTime"] = .string(now.description) }
        if isTimed { next["lastUpdateTime"] = .string(now.description) }
        if let index = elements.firstIndex(where: { $0["type"]?.string == type }) {
            elements[index] = next
        } else {
            elements.append(next)
        }
    }

    /// Says that a condition was looked at anew.
    mutating func touch(_ type: String, at now: Timestamp) {
        guard let index = elements.firstIndex(where: { $0["type"]?.string == type }) else { return }
        elements[index]["lastUpdateTime"] = .string(now.description)
    }

    mutating func remove(_ type: String) {
        elements.removeAll { $0["type"]?.string == type }
    }

    func write(to object: inout APIObject) {
        object["status", "conditions"] = elements.isEmpty ? nil : .array(elements)
    }
}
