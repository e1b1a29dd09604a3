import Addressing
import ClusterDNS
import DNSMessage
import KubernetesModel
import Testing

/// A zone with a resolver, and objects to fill it with.
struct SampleZone {
    var zone: DNSZone
    let resolver: SharedResolver

    static var settings: ClusterDNSSettings {
        get throws {
            let ranges = ["10.96.0.0/12", "10.244.0.0/16", "fd00:96::/108", "fd00:244::/56"]
            return try ClusterDNSSettings(
                zone: #require(DomainName("cluster.local")), ranges: ranges.map { try #require(CIDR($0)) })
        }
    }

    init(
        namespaces: [String] = ["default", "kube-system"],
        _ change: (inout ClusterDNSSettings) throws -> Void = { _ in }
    ) throws {
        var settings = try Self.settings
        try change(&settings)
        zone = DNSZone(settings)
        resolver = SharedResolver(settings)
        for namespace in namespaces { zone.updateNamespace(namespace) }
        apply()
    }

    /// Takes the changes over; says how many names changed.
    @discardableResult
    mutating func apply() -> Int {
        let changes = zone.takeChanges()
        resolver.apply(changes)
        return changes.count
    }

    mutating func add(_ service: Service, _ slices: EndpointSlice...) {
        zone.update(service)
        for slice in slices { zone.update(slice) }
        apply()
    }

    /// Answers a question over TCP, so that nothing is cut, or says that others have to be asked.
    func ask(_ name: String, _ type: RecordType, over transport: DNSTransport = .stream) throws -> Message {
        let question = Question(try #require(DomainName(name)), type)
        return try ask(Message(id: 77, asking: question), over: transport)
    }

    func ask(_ query: Message, over transport: DNSTransport = .stream) throws -> Message {
        guard case .reply(let bytes) = resolver.respond(to: query.encoded(), over: transport) else {
            throw NoReply(query: query)
        }
        let message = try Message(decoding: bytes)
        #expect(message.id == query.id && message.isResponse)
        return message
    }

    func forwarded(_ name: String, _ type: RecordType) throws -> ForwardedQuestion? {
        let query = Message(id: 77, asking: Question(try #require(DomainName(name)), type))
        guard case .forward(let question) = resolver.respond(to: query.encoded(), over: .stream) else { return nil }
        return question
    }

    struct NoReply: Error {
        let query: Message
    }

    /// The answers' data in order of their text.
    func data(_ name: String, _ type: RecordType) throws -> [String] {
        try ask(name, type).answers.map { "\($0.type) \($0.data)" }.sorted()
    }

    /// NOERROR, NODATA or NXDOMAIN …, with the proofs that negative answers need.
    func outcome(_ name: String, _ type: RecordType = .a) throws -> String {
        let message = try ask(name, type)
        guard message.answers.isEmpty, [.noError, .nameError].contains(message.responseCode) else {
            return message.responseCode.description
        }
        #expect(message.authorities.map(\.type) == [.soa], "\(name)")
        #expect(message.isAuthoritative, "\(name)")
        return message.responseCode == .noError ? "NODATA" : "NXDOMAIN"
    }
}

extension Service {
    /// A Service of the namespace default; ports as `http:80/TCP`, without a name as `:80/TCP`.
    static func sample(
        _ name: String, namespace: String = "default", ips: [String] = [], ports: [String] = [":80/TCP"],
        publishNotReady: Bool = false, externalName: String? = nil
    ) -> Service {
        var object = APIObject(.services, namespace: namespace, name: name)
        var spec: [String: JSONValue] = [
            "ports": .array(ports.map(port)), "publishNotReadyAddresses": .bool(publishNotReady),
        ]
        if let externalName {
            spec["type"] = "ExternalName"
            spec["externalName"] = .string(externalName)
        } else {
            spec["clusterIPs"] = .array(ips.map { .string($0) })
            spec["clusterIP"] = ips.first.map { .string($0) }
        }
        object["spec"] = .object(spec)
        return Service(object)
    }

    static func headless(
        _ name: String, namespace: String = "default", ports: [String] = [":80/TCP"], publishNotReady: Bool = false
    ) -> Service {
        sample(name, namespace: namespace, ips: ["None"], ports: ports, publishNotReady: publishNotReady)
    }
}

extension EndpointSlice {
    /// A slice of a Service. An endpoint is an address, with `=hostname` behind it, `!` before it where it is not ready.
    static func sample(
        _ service: String, namespace: String = "default", suffix: String = "a", ports: [String] = [":80/TCP"],
        _ endpoints: String...
    ) -> EndpointSlice {
        sample(service, namespace: namespace, suffix: suffix, ports: ports, endpoints)
    }

    static func sample(
        _ service: String, namespace: String = "default", suffix: String = "a", ports: [String] = [":80/TCP"],
        _ endpoints: [String]
    ) -> EndpointSlice {
        var object = APIObject(.endpointSlices, namespace: namespace, name: "\(service)-\(suffix)")
        object.labels = ["kubernetes.io/service-name": service]
        object["ports"] = .array(ports.map(port))
        object["addressType"] = endpoints.first?.contains(":") == true ? "IPv6" : "IPv4"
        object["endpoints"] = .array(
            endpoints.map { text in
                let parts = text.drop { $0 == "!" }.split(separator: "=")
                var endpoint: JSONValue = [
                    "addresses": [.string(String(parts[0]))], "conditions": ["ready": .bool(!text.hasPrefix("!"))],
                ]
                if parts.count > 1 { endpoint["hostname"] = .string(String(parts[1])) }
                return endpoint
            })
        return EndpointSlice(object)
    }
}

private func port(_ text: String) -> JSONValue {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let numbers = parts[1].split(separator: "/")
    var port: JSONValue = ["port": .integer(Int64(numbers[0]) ?? 0), "protocol": .string(String(numbers[1]))]
    if !parts[0].isEmpty { port["name"] = .string(String(parts[0])) }
    return port
}

extension Pod {
    static func sample(_ name: String, namespace: String = "default", phase: String = "Running", ips: String...) -> Pod
    {
        var object = APIObject(.pods, namespace: namespace, name: name)
        object["status"] = [
            "phase": .string(phase), "podIPs": .array(ips.map { ["ip": .string($0)] }),
        ]
        return Pod(object)
    }
}
