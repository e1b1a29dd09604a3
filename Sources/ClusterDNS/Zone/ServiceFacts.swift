internal import Addressing
internal import KubernetesModel

/// What the DNS needs to know of a Service.
struct ServiceFacts: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        /// Reached through addresses of its own.
        case addresses([IPAddress])
        /// Its endpoints are its addresses.
        case headless(includesUnready: Bool)
        /// It stands for another name.
        case alias(String)
    }

    let kind: Kind
    /// The ports that have a name.
    let ports: [NamedPort]

    init(_ service: Service) {
        switch service.type {
        case .externalName: kind = .alias(service.externalName ?? "")
        case _ where service.isHeadless: kind = .headless(includesUnready: service.publishesNotReadyAddresses)
        default: kind = .addresses(service.clusterIPs)
        }
        ports = service.ports.compactMap { NamedPort(name: $0.name, transport: $0.transport, number: $0.port) }
    }
}

/// What the DNS needs to know of an EndpointSlice.
struct SliceFacts: Hashable, Sendable {
    /// The ports that have a name and a number.
    let ports: [NamedPort]
    let endpoints: [Endpoint]

    struct Endpoint: Hashable, Sendable {
        let address: IPAddress
        /// The name of its own that the slice gives it, or nil.
        let hostname: String?
        let isReady: Bool
    }

    init(_ slice: EndpointSlice) {
        ports = slice.ports.compactMap { port in
            port.number.flatMap { NamedPort(name: port.name, transport: port.transport, number: $0) }
        }
        // Slices of names (FQDN) and addresses of the wrong family are nobody's addresses.
        endpoints = slice.endpoints.compactMap { endpoint in
            guard let address = endpoint.address, address.family == slice.family else { return nil }
            return Endpoint(address: address, hostname: endpoint.hostname, isReady: endpoint.isReady)
        }
    }
}

/// A port that has SRV records.
struct NamedPort: Hashable, Sendable {
    let name: String
    let transport: TransportProtocol
    let number: UInt16

    init?(name: String, transport: TransportProtocol, number: UInt16) {
        guard !name.isEmpty else { return nil }
        self.name = name
        self.transport = transport
        self.number = number
    }

    /// The two labels before the Service's name: `_http`, `_tcp`.
    var labels: [String] { ["_\(name)", "_\(transport.rawValue)"] }
}
