internal import KubernetesModel

/// The addresses of objects as the C library's inet_aton reads them: a number with a leading zero is octal.
enum OctalAddresses {
    /// A Service or EndpointSlice with its addresses read so and written in decimal.
    static func read(_ object: APIObject, _ type: ResourceType) -> APIObject {
        var object = object
        switch type {
        case .services:
            for field in ["clusterIPs", "externalIPs"] {
                if let texts = object["spec", field]?.array { object["spec", field] = .array(texts.map(read)) }
            }
            if let address = object["spec", "clusterIP"] { object["spec", "clusterIP"] = read(address) }
            if let ingress = object["status", "loadBalancer", "ingress"]?.array {
                object["status", "loadBalancer", "ingress"] = .array(ingress.map { read($0, "ip") })
            }
        case .endpointSlices:
            if let endpoints = object["endpoints"]?.array {
                object["endpoints"] = .array(endpoints.map { read($0, "addresses") })
            }
        default: break
        }
        return object
    }

    private static func read(_ value: JSONValue, _ field: String) -> JSONValue {
        guard let old = value[field] else { return value }
        var value = value
        value[field] = old.array.map { .array($0.map(read)) } ?? read(old)
        return value
    }

    /// What is no address in octal, such as `08`, stays as it is.
    private static func read(_ value: JSONValue) -> JSONValue {
        guard let parts = value.string?.split(separator: ".", omittingEmptySubsequences: false), parts.count == 4 else {
            return value
        }
        let numbers = parts.map { UInt8($0, radix: $0.count > 1 && $0.hasPrefix("0") ? 8 : 10) }
        guard numbers.allSatisfy({ $0 != nil }) else { return value }
        return .string(numbers.compactMap(\.self).map(\.description).joined(separator: "."))
    }
}
