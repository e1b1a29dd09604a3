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
        #expect(profile.name == "dns-knot, nftables, policy-nftables")
        #expect(
            profile.answers["service.unknown-port"] == "refused" && profile.answers["dns.pod-records"] == "addresses")
        let excluded = suite.cases.filter { profile.exclusion(of: $0) != nil }.map(\.id)
        #expect(excluded == ["dns/stub-domain", "dns/upstream"])
        let other = try #require(try suite.profile("kube-proxy-iptables", for: Self.lab(dns: "builtin")))
        #expect(other.name == "kube-proxy-iptables, dns-builtin, policy-nftables")
        #expect(other.answers["service.unknown-port"] == "not-forwarded")
    }

    @Test("a slower engine is given the time that its profile asks for, and no case less than its own")
    func settling() throws {
        let suite = try ConformanceSuite.load(directory: SuiteTests.directory)
        let text = """
            name = "slow"
            title = "an engine that takes its time"
            components = { network-policy = true }

            [settling]
            "policy" = "30s"
            "policy/hairpin" = "45s"
            "service" = "1s"
            """
        let profile = try ProfileFile.read(SourceFile(path: "slow.toml", text: text))
        let patience = Patience(profile: profile)
        func limit(_ id: String) throws -> Duration {
            patience.limit(.seconds(5), of: try #require(suite.cases.first { $0.id == id }), "step[0]")
        }
        #expect(try limit("policy/rules/egress-three") == .seconds(30))
        #expect(try limit("policy/hairpin") == .seconds(45))
        #expect(try limit("service/leading-zeros") == .seconds(5))
        #expect(try limit("pod-network/self") == .seconds(5))
        let wrong = SourceFile(path: "slow.toml", text: text.replacing("30s", with: "soon"))
        #expect(throws: LabFileError.self) { try ProfileFile.read(wrong) }
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
