internal import Addressing
internal import DNSMessage

extension PackagedServer {
    /// A Corefile with the plugin `kubernetes`, which finds the API as every program in a pod does.
    var corefile: String {
        let pods =
            switch settings.podRecords {
            case .none: "disabled"
            case .anyAddress: "insecure"
            case .existing: "verified"
            }
        var lines = [
            ".:53 {", "    errors", "    kubernetes \(zones.map(\.withoutDot).joined(separator: " ")) {",
            "        pods \(pods)", "        ttl \(settings.timeToLive)", "    }", "    loadbalance",
        ]
        func servers(_ servers: [UpstreamServer]) -> String {
            servers.map { $0.address.withPort($0.port) }.joined(separator: " ")
        }
        if !settings.upstreams.isEmpty { lines.append("    forward . \(servers(settings.upstreams))") }
        lines.append("}")
        for stub in settings.stubDomains {
            lines += ["\(stub.domain.withoutDot):53 {", "    errors", "    forward . \(servers(stub.servers))", "}"]
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
