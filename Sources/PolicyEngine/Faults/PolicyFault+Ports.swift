import KubernetesModel

extension PolicyFault {
    /// A policy whose ports are read wrongly.
    func ports(_ policy: APIObject) -> APIObject {
        switch self {
        case .firstPortOnly: policy.editingPorts { Array($0.prefix(1)) }
        case .lastPortOnly: policy.editingPorts { Array($0.suffix(1)) }
        default: policy.editingPorts { $0.flatMap { range($0) ?? transport($0) ?? named($0) ?? [$0] } }
        }
    }

    private func range(_ port: JSONValue) -> [JSONValue]? {
        guard let first = port["port"]?.integer else { return nil }
        let end = port["endPort"]?.integer
        switch (self, end) {
        case (.endPortExcluded, let end?): return first < end ? [port.setting("endPort", .integer(end - 1))] : []
        case (.startPortExcluded, let end?): return first < end ? [port.setting("port", .integer(first + 1))] : []
        case (.endPortIgnored, _?): return [port.setting("endPort", nil)]
        case (.endPortUnbounded, _?): return [port.setting("endPort", 65_535)]
        case (.numberIgnored, _): return [port.setting("port", nil).setting("endPort", nil)]
        default: return nil
        }
    }

    private func transport(_ port: JSONValue) -> [JSONValue]? {
        let transport = port["protocol"]?.string
        switch self {
        case .protocolIgnored: return Self.allTransports(port)
        case .protocolAlwaysTCP: return [port.setting("protocol", "TCP")]
        case .udpIgnored where transport == "UDP": return []
        case .sctpOpensTCP where transport == "SCTP": return [port, port.setting("protocol", "TCP")]
        case .defaultProtocolUDP where transport == nil: return [port.setting("protocol", "UDP")]
        case .protocolAloneIgnored where port["port"] == nil: return []
        default: return nil
        }
    }

    private func named(_ port: JSONValue) -> [JSONValue]? {
        guard port["port"]?.string != nil else { return nil }
        switch self {
        case .namedPortIgnored: return []
        case .namedPortMeansAll: return [port.setting("port", nil)]
        case .namedPortAnyProtocol: return Self.allTransports(port)
        default: return nil
        }
    }

    private static func allTransports(_ port: JSONValue) -> [JSONValue] {
        TransportProtocol.allCases.map { port.setting("protocol", .string($0.rawValue)) }
    }
}
