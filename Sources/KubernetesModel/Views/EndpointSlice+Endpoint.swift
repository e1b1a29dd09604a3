public import Addressing

extension EndpointSlice {
    /// Somebody who answers for a Service (discovery/v1 Endpoint).
    public struct Endpoint: Hashable, Sendable {
        /// The addresses as the API has them; consumers use the first.
        public var addresses: [String]
        /// Whether new connections go there; nil means unknown, and counts as true.
        public var ready: Bool?
        /// Whether it could answer, terminating or not; nil counts as `ready`.
        public var serving: Bool?
        /// Whether it was told to end; nil counts as false.
        public var terminating: Bool?
        /// Its own name in DNS, or nil.
        public var hostname: String?
        /// The node it is on, or nil.
        public var nodeName: String?
        /// The zone it is in, or nil.
        public var zone: String?
        /// What it is, or nil.
        public var target: TargetReference?
        /// The zones whose traffic is meant for it; empty where it has no hints.
        public var zoneHints: [String]
        /// The nodes whose traffic is meant for it; empty where it has no hints.
        public var nodeHints: [String]

        /// Makes an endpoint.
        public init(addresses: [String], ready: Bool? = nil, serving: Bool? = nil, terminating: Bool? = nil) {
            self.addresses = addresses
            self.ready = ready
            self.serving = serving
            self.terminating = terminating
            zoneHints = []
            nodeHints = []
        }

        init(_ value: JSONValue) {
            let conditions = value["conditions"]
            addresses = (value["addresses"]?.array ?? []).compactMap(\.string)
            ready = conditions?["ready"]?.bool
            serving = conditions?["serving"]?.bool
            terminating = conditions?["terminating"]?.bool
            hostname = value["hostname"].nonEmptyString
            nodeName = value["nodeName"].nonEmptyString
            zone = value["zone"].nonEmptyString
            target = value["targetRef"].flatMap { $0.object == nil ? nil : TargetReference($0) }
            zoneHints = Self.names(value[path: ["hints", "forZones"]])
            nodeHints = Self.names(value[path: ["hints", "forNodes"]])
        }

        private static func names(_ list: JSONValue?) -> [String] {
            (list?.array ?? []).compactMap { $0["name"]?.string }
        }

        /// The first address, or nil where it is none.
        public var address: IPAddress? { addresses.first.flatMap { IPAddress(ofAPI: $0) } }
        /// Whether new connections go there.
        public var isReady: Bool { ready ?? true }
        /// Whether it can answer.
        public var isServing: Bool { serving ?? isReady }
        /// Whether it was told to end.
        public var isTerminating: Bool { terminating ?? false }

        /// As the API writes it.
        public var value: JSONValue {
            var fields: [String: JSONValue] = ["addresses": .array(addresses.map { .string($0) })]
            var conditions: [String: JSONValue] = [:]
            conditions["ready"] = ready.map { .bool($0) }
            conditions["serving"] = serving.map { .bool($0) }
            conditions["terminating"] = terminating.map { .bool($0) }
            fields["conditions"] = .object(conditions)
            fields["hostname"] = hostname.map { .string($0) }
            fields["nodeName"] = nodeName.map { .string($0) }
            fields["zone"] = zone.map { .string($0) }
            fields["targetRef"] = target?.value
            var hints: [String: JSONValue] = [:]
            if !zoneHints.isEmpty { hints["forZones"] = .array(zoneHints.map { ["name": .string($0)] }) }
            if !nodeHints.isEmpty { hints["forNodes"] = .array(nodeHints.map { ["name": .string($0)] }) }
            if !hints.isEmpty { fields["hints"] = .object(hints) }
            return .object(fields)
        }
    }
}
