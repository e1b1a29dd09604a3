import Foundation
import LabFixture
import Testing

/// The supervisor killed while its service proxies are busy.
@Suite("A service proxy killed while Services come")
struct ServiceProxyKillTests {
    private static let count = 1000

    /// Services without endpoints: each has an address, and a port that is refused.
    private static let services = (0..<count).map { number in
        """
        apiVersion: v1
        kind: Service
        metadata: { name: service-\(number) }
        spec: { ports: [{ port: 80 }] }
        ---

        """
    }.joined()

    /// The elements of a node's set or map that belong to these Services.
    private func elements(_ lab: TestLab, _ kind: String, _ name: String) throws -> Int {
        let listed = try lab.inside("node1", "nft", "list", kind, "ip", "lab-service-proxy", name)
        return listed.output.components(separatedBy: "\"default/service-").count - 1
    }

    @Test(
        "no half of a change is left, and up converges to all of them",
        arguments: [("nftables", "set", "no-endpoints"), ("nftables-chains", "map", "no-endpoint-services")])
    func killed(proxy: String, kind: String, refused: String) throws {
        try withTestLab { lab in
            let file = try lab.file("[components]\nservice-proxy = \"\(proxy)\"\n" + LabTexts.nodes)
            try lab.succeed("up", file)
            let manifest = try lab.write(Self.services, "services.yaml")
            for round in 1...2 {
                let before = try elements(lab, kind, refused)
                let applying = try lab.start(["apply", "-f", manifest])
                // In the middle of it.
                #expect(try eventually { try elements(lab, kind, refused) > before || before == Self.count })
                lab.killSupervisors()
                _ = try applying.wait()
                let addresses = try elements(lab, "set", "cluster-ips")
                let ports = try elements(lab, kind, refused)
                #expect(addresses == ports, "round \(round): \(addresses) addresses, \(ports) ports")
                try lab.succeed("up", file)
                let known =
                    try lab.succeed("get", "services", "-o", "name").components(separatedBy: "/service-").count - 1
                let isThere = try eventually { try elements(lab, kind, refused) == known }
                let found = try elements(lab, kind, refused)
                #expect(isThere, "round \(round): \(found) of \(known) Services")
            }
            try lab.succeed("apply", "-f", manifest)
            #expect(try eventually { try elements(lab, kind, refused) == Self.count })
            #expect(try elements(lab, "set", "cluster-ips") == Self.count)
        }
    }
}
