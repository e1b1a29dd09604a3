public import Addressing

/// Endpoints of a Service with the same ports and the same family (discovery.k8s.io/v1 EndpointSlice).
public struct EndpointSlice: Hashable, Sendable {
    /// The name.
    public let name: String
    /// The namespace.
    public let namespace: String
    /// The labels.
    public let labels: [String: String]
    /// The annotations.
    public let annotations: [String: String]
    /// The family of the addresses, or nil where they are names (FQDN).
    public let family: AddressFamily?
    /// The ports that every endpoint has.
    public let ports: [Port]
    /// The endpoints.
    public let endpoints: [Endpoint]

    /// Reads a slice.
    public init(_ object: APIObject) {
        name = object.name
        namespace = object.namespace
        labels = object.labels
        annotations = object.annotations
        family = AddressFamily(name: object["addressType"]?.string)
        ports = (object["ports"]?.array ?? []).map { Port($0) }
        endpoints = (object["endpoints"]?.array ?? []).map { Endpoint($0) }
    }

    /// The Service that it belongs to, or nil.
    public var serviceName: String? { labels["kubernetes.io/service-name"] }
    /// Who writes it, or nil.
    public var managedBy: String? { labels["endpointslice.kubernetes.io/managed-by"] }
}

extension EndpointSlice {
    /// A port of all endpoints (discovery/v1 EndpointPort).
    public struct Port: Hashable, Sendable {
        /// The name of the Service's port; empty where it has none.
        public let name: String
        /// What it speaks.
        public let transport: TransportProtocol
        /// The number in the pods; nil means every port.
        public let number: UInt16?
        /// What is spoken above the transport, or nil.
        public let appProtocol: String?

        /// Makes a port.
        public init(name: String, transport: TransportProtocol, number: UInt16?, appProtocol: String? = nil) {
            self.name = name
            self.transport = transport
            self.number = number
            self.appProtocol = appProtocol
        }

        init(_ value: JSONValue) {
            name = value["name"]?.string ?? ""
            transport = TransportProtocol(value["protocol"])
            number = value["port"].port
            appProtocol = value["appProtocol"].nonEmptyString
        }

        /// As the API writes it.
        public var value: JSONValue {
            var fields: [String: JSONValue] = ["name": .string(name), "protocol": .string(transport.rawValue)]
            fields["port"] = number.map { .integer(Int64($0)) }
            fields["appProtocol"] = appProtocol.map { .string($0) }
            return .object(fields)
        }
    }

    /// The object behind an endpoint or an address (core/v1 ObjectReference).
    public struct TargetReference: Hashable, Sendable {
        /// The kind, such as `Pod`.
        public let kind: String
        /// The namespace.
        public let namespace: String
        /// The name.
        public let name: String
        /// The uid, or empty.
        public let uid: String

        /// Refers to a pod.
        public init(_ pod: Pod) {
            kind = "Pod"
            namespace = pod.namespace
            name = pod.name
            uid = pod.uid
        }

        /// Reads a reference.
        public init(_ value: JSONValue) {
            kind = value["kind"]?.string ?? ""
            namespace = value["namespace"]?.string ?? ""
            name = value["name"]?.string ?? ""
            uid = value["uid"]?.string ?? ""
        }

        /// As the API writes it.
        public var value: JSONValue {
            let fields = [("kind", kind), ("namespace", namespace), ("name", name), ("uid", uid)]
            return .object(
                Dictionary(uniqueKeysWithValues: fields.filter { !$0.1.isEmpty }.map { ($0.0, .string($0.1)) }))
        }
    }
}
