internal import Addressing
internal import DNSMessage

extension PackagedServer {
    /// unbound.conf(5): records are local data of static zones; names outside are refused where nobody is to be asked.
    func unbound(
        _ records: [ResourceRecord], _ addresses: [IPAddress], _ directory: String, _ serial: UInt32
    ) -> [String: String] {
        var lines = [
            "server:", "  do-daemonize: no", "  username: \"\"", "  chroot: \"\"", "  directory: \"\(directory)\"",
            "  pidfile: \"\(directory)/unbound.pid\"", "  use-syslog: no", "  num-threads: 2", "  so-reuseport: yes",
            "  module-config: \"iterator\"", "  do-not-query-localhost: no", "  unblock-lan-zones: yes",
            "  rrset-roundrobin: yes", "  access-control: 0.0.0.0/0 allow", "  access-control: ::/0 allow",
        ]
        lines += addresses.map { "  interface: \($0)" }
        if settings.upstreams.isEmpty { lines.append("  local-zone: \".\" refuse") }
        for zone in zones {
            lines.append("  local-zone: \"\(zone)\" static")
            lines.append("  local-data: \"\(zone) \(authority(serial))\"")
        }
        for stub in settings.stubDomains { lines.append("  local-zone: \"\(stub.domain)\" transparent") }
        for record in records {
            // Quotation marks of texts would end the value.
            let quote = record.type == .txt ? "'" : "\""
            lines.append("  local-data: \(quote)\(record)\(quote)")
        }
        func forward(_ name: String, to servers: [UpstreamServer]) {
            guard !servers.isEmpty else { return }
            lines += ["forward-zone:", "  name: \"\(name)\""]
            lines += servers.map { "  forward-addr: \($0.address)@\($0.port)" }
        }
        forward(".", to: settings.upstreams)
        for stub in settings.stubDomains { forward("\(stub.domain)", to: stub.servers) }
        lines += ["remote-control:", "  control-enable: no"]
        return ["unbound.conf": lines.joined(separator: "\n") + "\n"]
    }
}
