/// What `kubectl get events` says of an event, old style (first and last time, count) or new (eventTime, series).
struct EventSummary {
    let event: APIObject

    init(_ event: APIObject) { self.event = event }

    var type: String { event.text(at: "type") }
    var reason: String { event.text(at: "reason") }

    /// The sentence without space around it.
    var message: String { Words.trimmed(event.text(at: "message")) }

    var count: Int64 {
        if event["series"]?.object != nil { return event.number(at: "series", "count") }
        return max(1, event.number(at: "count"))
    }

    var firstSeen: String? {
        event["firstTimestamp"]?.string ?? event["eventTime"]?.string
    }

    var lastSeen: String? {
        if event["series"]?.object != nil { return event["series", "lastObservedTime"]?.string }
        return event["lastTimestamp"]?.string ?? firstSeen
    }

    /// `pod/web-1`.
    var object: String {
        let kind = event.text(at: "involvedObject", "kind").lowercased()
        let name = event.text(at: "involvedObject", "name")
        return name.isEmpty ? kind : "\(kind)/\(name)"
    }

    /// `kubelet, node1`.
    var source: String {
        let component = event.text(at: "source", "component").or(event.text(at: "reportingComponent"))
        let host = event.text(at: "source", "host").or(event.text(at: "reportingInstance"))
        return host.isEmpty ? component : "\(component), \(host)"
    }

    func cells(now: Int64) -> [JSONValue] {
        [
            .string(Age.text(since: lastSeen, now: now)), .string(type), .string(reason), .string(object),
            .string(event.text(at: "involvedObject", "fieldPath")), .string(source), .string(message),
            .string(Age.text(since: firstSeen, now: now)), .integer(count), .string(event.name),
        ]
    }
}
