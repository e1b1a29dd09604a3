internal import Addressing
internal import DNSMessage

extension PackagedServer {
    /// dnsmasq(8): addresses are in a hosts file, since only there a name may have several.
    func dnsmasq(_ records: [ResourceRecord], _ addresses: [IPAddress], _ directory: String) -> [String: String] {
        var lines = [
            "no-resolv", "no-hosts", "no-poll", "user=root", "pid-file=", "bind-interfaces", "log-facility=-",
            "local-ttl=\(settings.timeToLive)", "neg-ttl=\(settings.timeToLive)", "cache-size=10000",
            "addn-hosts=\(directory)/hosts",
        ]
        lines += addresses.map { "listen-address=\($0)" }
        lines += zones.map { "local=/\($0.withoutDot)/" }
        lines += settings.upstreams.map { "server=\($0.address)#\($0.port)" }
        for stub in settings.stubDomains {
            lines += stub.servers.map { "server=/\(stub.domain.withoutDot)/\($0.address)#\($0.port)" }
        }
        var hosts: [String] = []
        for record in records {
            let name = record.name.withoutDot
            switch record.data {
            case .a(let address): hosts.append("\(address) \(name)")
            case .aaaa(let address): hosts.append("\(address) \(name)")
            case .cname(let target): lines.append("cname=\(name),\(target.withoutDot)")
            case .ptr(let target): lines.append("ptr-record=\(name),\(target.withoutDot)")
            case .srv(let place):
                lines.append(
                    "srv-host=\(name),\(place.target.withoutDot),\(place.port),\(place.priority),\(place.weight)")
            case .txt(let texts):
                let words = texts.map { "\"\(String(decoding: $0, as: UTF8.self))\"" }
                lines.append("txt-record=\(name),\(words.joined(separator: ","))")
            case .ns, .soa, .other: continue
            }
        }
        return [
            "dnsmasq.conf": lines.joined(separator: "\n") + "\n", "hosts": hosts.joined(separator: "\n") + "\n",
        ]
    }
}
