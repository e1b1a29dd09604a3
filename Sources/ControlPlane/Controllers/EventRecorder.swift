public import KubernetesModel
public import Logging

/// Writes down what happened to objects, for `kubectl describe` and `kubectl events` (core/v1 Event). What happens again
/// raises the count of the event that is there already.
public actor EventRecorder {
    /// Whether what happened is as it should be (core/v1 EventType).
    public enum Level: String, Sendable {
        case normal = "Normal"
        case warning = "Warning"
    }

    /// How many events are remembered to be counted on.
    private static let capacity = 4_096

    private struct Occurrence: Hashable {
        let object: ObjectKey
        let uid: String
        let fieldPath: String
        let component: String
        let reason: String
        let message: String
    }

    private let registry: Registry
    private let logger: Logger
    private var recorded: [Occurrence: String] = [:]
    private var sequence: UInt64 = 0

    /// A recorder that writes to a registry.
    public init(registry: Registry, logger: Logger = Logger(label: "events")) {
        self.registry = registry
        self.logger = logger
    }

    /// Writes down that something happened to an object. Where it cannot be written, the log says so: nothing depends on
    /// events.
    ///
    /// - Parameters:
    ///   - object: what it happened to, with its uid.
    ///   - fieldPath: the part it happened to, such as `spec.containers{web}`, or empty.
    ///   - component: who saw it, such as `kubelet`.
    ///   - host: the node where it was seen, or empty.
    ///   - reason: one word, such as `Scheduled`.
    ///   - message: a sentence.
    public func record(
        _ object: APIObject, fieldPath: String = "", component: String, host: String = "", _ level: Level,
        reason: String, _ message: String
    ) async {
        guard let type = ResourceType.of(apiVersion: object.apiVersion, kind: object.kind) else { return }
        let occurrence = Occurrence(
            object: ObjectKey(type, object), uid: object.uid, fieldPath: fieldPath, component: component,
            reason: reason, message: message)
        let now = Timestamp.now.description
        do throws(APIStatus) {
            if let name = recorded[occurrence] {
                let key = ObjectKey(.events, namespace: Self.namespace(of: object), name: name)
                let result = try await registry.modify(key, nil, as: occurrence.component) { Self.count(&$0, at: now) }
                if result != nil { return }
            }
            let name = nextName(for: object)
            remember(occurrence, as: name)
            let event = Self.event(occurrence, name: name, of: object, host: host, level, at: now)
            _ = try await registry.create(event, in: .events, WriteOptions(fieldManager: component))
        } catch {
            recorded[occurrence] = nil
            logger.debug("an event could not be written", metadata: ["event": "\(reason)", "error": "\(error)"])
        }
    }

    private func remember(_ occurrence: Occurrence, as name: String) {
        if recorded.count >= Self.capacity { recorded.removeAll(keepingCapacity: true) }
        recorded[occurrence] = name
    }

    /// The object's name and 16 hexadecimal digits that no other event has.
    private func nextName(for object: APIObject) -> String {
        sequence = max(sequence + 1, UInt64(bitPattern: Timestamp.now.seconds) << 24)
        let digits = String(sequence, radix: 16)
        return "\(object.name).\(String(repeating: "0", count: max(0, 16 - digits.count)))\(digits)"
    }

    /// Events of objects without a namespace are in `default`.
    static func namespace(of object: APIObject) -> String {
        object.namespace.isEmpty ? "default" : object.namespace
    }

    private static func count(_ event: inout APIObject, at now: String) {
        event["count"] = .integer((event["count"]?.integer ?? 1) + 1)
        event["lastTimestamp"] = .string(now)
    }

    private static func event(
        _ occurrence: Occurrence, name: String, of object: APIObject, host: String, _ level: Level, at now: String
    ) -> APIObject {
        var source: [String: JSONValue] = ["component": .string(occurrence.component)]
        if !host.isEmpty { source["host"] = .string(host) }
        var involved: [String: JSONValue] = [
            "apiVersion": .string(object.apiVersion), "kind": .string(object.kind), "name": .string(object.name),
            "uid": .string(object.uid),
        ]
        if !object.namespace.isEmpty { involved["namespace"] = .string(object.namespace) }
        if object.resourceVersion > 0 { involved["resourceVersion"] = .string(String(object.resourceVersion)) }
        if !occurrence.fieldPath.isEmpty { involved["fieldPath"] = .string(occurrence.fieldPath) }
        return APIObject(
            .events, namespace: namespace(of: object), name: name,
            [
                "involvedObject": .object(involved), "reason": .string(occurrence.reason),
                "message": .string(occurrence.message), "source": .object(source), "type": .string(level.rawValue),
                "count": 1, "firstTimestamp": .string(now), "lastTimestamp": .string(now), "eventTime": .null,
                "reportingComponent": .string(occurrence.component), "reportingInstance": .string(host),
            ])
    }
}
