import Testing
import Topology

@testable import Conformance

@Suite("Profiles")
struct ProfileTests {
    private static func lab(dns: String) throws -> LabSpec {
        let text = "name = \"a\"\n[components]\ndns = \"\(dns)\"\n[[node]]\nname = \"node1\"\n"
        return try LabFile.parse(text: text, path: "lab.toml") { SourceFile(path: $0, text: "") }
    }

    @Test("a lab is held to what the profiles of its components say together")
    func together() throws {
        let suite = try ConformanceSuite.load(directory: SuiteTests.directory)
        let profile = try #require(try suite.profile(nil, for: Self.lab(dns: "knot")))
        #expect(profile.name == "dns-knot, nftables")
        #expect(
            profile.answers["service.unknown-port"] == "refused" && profile.answers["dns.pod-records"] == "addresses")
        let excluded = suite.cases.filter { profile.exclusion(of: $0) != nil }.map(\.id)
        #expect(excluded == ["dns/stub-domain", "dns/upstream"])
        let other = try #require(try suite.profile("kube-proxy-iptables", for: Self.lab(dns: "builtin")))
        #expect(other.name == "kube-proxy-iptables, dns-builtin")
        #expect(other.answers["service.unknown-port"] == "not-forwarded")
    }

    @Test("every DNS server that a lab can have has a profile")
    func servers() throws {
        let suite = try ConformanceSuite.load(directory: SuiteTests.directory)
        for kind in DNSKind.allCases {
            let profile = try #require(try suite.profile(nil, for: Self.lab(dns: kind.rawValue)))
            #expect(profile.name.contains("dns-\(kind.rawValue)"), "\(profile.name)")
        }
    }
}
