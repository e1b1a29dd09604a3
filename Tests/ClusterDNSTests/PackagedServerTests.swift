import Addressing
import DNSMessage
import KubernetesModel
import Testing

@testable import ClusterDNS

/// The files by which other people's servers are told a cluster's records.
@Suite("packaged DNS servers")
struct PackagedServerTests {
    private func records(_ settings: ClusterDNSSettings) -> ZoneRecords {
        var zone = DNSZone(settings)
        zone.updateNamespace("default")
        zone.update(Service.sample("web", ips: ["10.96.7.7", "fd00:96::7"], ports: ["http:80/TCP"]))
        zone.update(Service.sample("alias", externalName: "web.default.svc.cluster.local"))
        var records = ZoneRecords()
        records.apply(zone.takeChanges())
        return records
    }

    private func files(_ program: PackagedServer.Program) throws -> [String: String] {
        var settings = try SampleZone.settings
        settings.upstreams = [UpstreamServer(try #require(IPAddress("192.168.1.100")))]
        let address = try #require(IPAddress("10.244.0.254"))
        return PackagedServer(program, settings).files(
            records(settings), addresses: [address], in: "/run/dns", serial: 42)
    }

    @Test("records are told one by one, and are gone when their name is")
    func records() throws {
        let settings = try SampleZone.settings
        let all = records(settings).all.map { "\($0)" }
        for record in [
            "web.default.svc.cluster.local. 5 IN A 10.96.7.7", "web.default.svc.cluster.local. 5 IN AAAA fd00:96::7",
            "_http._tcp.web.default.svc.cluster.local. 5 IN SRV 0 100 80 web.default.svc.cluster.local.",
            "alias.default.svc.cluster.local. 5 IN CNAME web.default.svc.cluster.local.",
            "7.7.96.10.in-addr.arpa. 5 IN PTR web.default.svc.cluster.local.",
            "dns-version.cluster.local. 5 IN TXT \"1.1.0\"",
        ] {
            #expect(all.contains(record), "\(record) is not among \(all)")
        }
        var zone = DNSZone(settings)
        var records = ZoneRecords()
        records.apply(zone.takeChanges())
        let without = records.all.count
        zone.update(Service.sample("web", ips: ["10.96.7.7"]))
        records.apply(zone.takeChanges())
        #expect(records.all.count > without)
        zone.removeService(namespace: "default", name: "web")
        records.apply(zone.takeChanges())
        #expect(records.all.count == without)
    }

    @Test("dnsmasq: addresses in a hosts file, so that a name may have several")
    func dnsmasq() throws {
        let files = try files(.dnsmasq)
        let configuration = try #require(files["dnsmasq.conf"]).split(separator: "\n")
        #expect(files["hosts"]?.contains("10.96.7.7 web.default.svc.cluster.local\n") == true)
        for line in [
            "listen-address=10.244.0.254", "local=/cluster.local/", "local=/244.10.in-addr.arpa/",
            "server=192.168.1.100#53", "cname=alias.default.svc.cluster.local,web.default.svc.cluster.local",
            "srv-host=_http._tcp.web.default.svc.cluster.local,web.default.svc.cluster.local,80,0,100",
            "ptr-record=7.7.96.10.in-addr.arpa,web.default.svc.cluster.local",
            "txt-record=dns-version.cluster.local,\"1.1.0\"",
        ] {
            #expect(configuration.contains { $0 == line }, "\(line) is not in \(configuration)")
        }
    }

    @Test("unbound: static zones, and what is outside asked of others or refused")
    func unbound() throws {
        let text = try #require(try files(.unbound)["unbound.conf"])
        for line in [
            "local-zone: \"cluster.local.\" static", "local-zone: \"96.10.in-addr.arpa.\" static",
            "local-data: \"web.default.svc.cluster.local. 5 IN A 10.96.7.7\"",
            "local-data: 'dns-version.cluster.local. 5 IN TXT \"1.1.0\"'", "forward-addr: 192.168.1.100@53",
        ] {
            #expect(text.contains(line), "\(line) is not in \(text)")
        }
        #expect(!text.contains("\".\" refuse"))
        let settings = try SampleZone.settings
        let alone = PackagedServer(.unbound, settings).files(
            records(settings), addresses: [], in: "/run/dns", serial: 42)
        #expect(alone["unbound.conf"]?.contains("local-zone: \".\" refuse") == true)
    }

    @Test("knot: a file for each zone, every record in the zone that it belongs to")
    func knot() throws {
        let files = try files(.knot)
        #expect(
            files["cluster.local.zone"]?.contains("SOA ns.dns.cluster.local. hostmaster.cluster.local. 42 ") == true)
        #expect(files["cluster.local.zone"]?.contains("web.default.svc.cluster.local. 5 IN A 10.96.7.7\n") == true)
        #expect(files["96.10.in-addr.arpa.zone"]?.contains("IN PTR web.default.svc.cluster.local.\n") == true)
        #expect(files["cluster.local.zone"]?.contains("PTR") == false)
        let zones = files.keys.filter { $0.hasSuffix(".zone") }
        // 10.96.0.0/12 is sixteen zones.
        #expect(zones.count == 1 + 16 + 1 + 1 + 1, "\(zones.sorted())")
    }

    @Test("CoreDNS: the plugin follows the API, and others are asked as the lab file says")
    func coredns() throws {
        let text = try #require(try files(.coredns)["Corefile"])
        #expect(text.contains("kubernetes cluster.local ") && text.contains("pods insecure"))
        #expect(text.contains("forward . 192.168.1.100:53"))
    }
}
