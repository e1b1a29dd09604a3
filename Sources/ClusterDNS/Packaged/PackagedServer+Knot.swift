internal import Addressing
internal import DNSMessage

extension PackagedServer {
    /// knot.conf(5), and a zone file for each zone (RFC 1035, section 5).
    func knot(
        _ records: [ResourceRecord], _ addresses: [IPAddress], _ directory: String, _ serial: UInt32
    ) -> [String: String] {
        var configuration = ["server:", "  rundir: \"\(directory)\"", "  automatic-acl: off"]
        configuration += addresses.map { "  listen: \($0)@53" }
        configuration += ["control:", "  listen: \"\(directory)/knot.sock\""]
        configuration += ["log:", "  - target: stderr", "    any: warning"]
        configuration += ["database:", "  storage: \"\(directory)\"", "zone:"]
        var zoneFiles: [DomainName: [String]] = [:]
        let zones = zones
        for zone in zones {
            let file = "\(directory)/\(zone.withoutDot).zone"
            configuration += [
                "  - domain: \(zone)", "    file: \"\(file)\"", "    zonefile-sync: -1", "    zonefile-load: whole",
                "    journal-content: none",
            ]
            zoneFiles[zone] = [
                "\(zone) \(authority(serial))", "\(zone) \(settings.timeToLive) IN NS ns.dns.\(settings.zone)",
            ]
        }
        for record in records where record.type != .ns {
            guard let zone = zones.first(where: { record.name.isEqual(orBelow: $0) }) else { continue }
            zoneFiles[zone, default: []].append("\(record)")
        }
        var files = ["knot.conf": configuration.joined(separator: "\n") + "\n"]
        for (zone, lines) in zoneFiles { files["\(zone.withoutDot).zone"] = lines.joined(separator: "\n") + "\n" }
        return files
    }
}
