import Addressing
import Testing

@testable import Topology

struct AddingPodsTests {
    private func lab() throws -> LabSpec {
        try LabTexts.parse(
            LabTexts.lab(
                """
                pod-cidr = ["10.244.1.0/28"]
                [[node]]
                name = "node2"
                [[pod]]
                name = "a"
                node = "node1"
                """))
    }

    @Test("added pods get the free places, and what is there keeps its own")
    func adding() throws {
        let before = try lab()
        let after = try before.adding(pods: [
            PodManifest(name: "b"), PodManifest(name: "c", node: "node1"),
            PodManifest(name: "d", node: "node1", address: try addresses("10.244.1.3")),
            PodManifest(namespace: "other", name: "a", hostNetwork: true),
        ])
        #expect(after.pods.first == before.pods.first)
        #expect(after.nodes == before.nodes && after.hosts == before.hosts)
        #expect(after.pods.map(\.node) == ["node1", "node2", "node1", "node1", "node2"])
        #expect(
            after.pods.map(\.address.description) == [
                "[10.244.1.2]", "[10.244.0.2]", "[10.244.1.4]", "[10.244.1.3]", "[192.168.1.11]",
            ])
        #expect(after.diagnostics().isEmpty)
    }

    @Test("pods that do not fit are refused, all of them at once, with the lab unchanged")
    func refusal() throws {
        let before = try lab()
        do {
            let after = try before.adding(pods: [
                PodManifest(name: "a"), PodManifest(name: "b", node: "node3"),
                PodManifest(name: "c", address: try addresses("10.244.1.2")),
            ])
            Issue.record("accepted as \(after)")
        } catch let error as LabFileError {
            #expect(error.diagnostics.map(\.keyPath) == ["pod[1].name", "pod[2].node", "pod[3].address[0]"])
        }
    }

    @Test("a node's range is given to the last address and then refused")
    func fullRange() throws {
        let pods = (0..<12).map { PodManifest(name: "p\($0)", node: "node1") }
        let full = try lab().adding(pods: pods)
        #expect(full.pods.last?.address == (try addresses("10.244.1.14")))
        #expect(throws: LabFileError.self) { try full.adding(pods: [PodManifest(name: "q", node: "node1")]) }
    }

    @Test("a bridge takes 1,023 ports and no more")
    func bridgePorts() throws {
        func spec(hosts: Int, pods: Int) -> String {
            LabTexts.lab("pod-cidr = [\"10.244.0.0/20\"]\n[underlay]\ncidr = [\"192.168.0.0/16\"]\n")
                + (0..<hosts).map { "[[host]]\nname = \"h\($0)\"\n" }.joined()
                + (0..<pods).map { "[[pod]]\nname = \"p\($0)\"\n" }.joined()
        }
        #expect(try LabTexts.parse(spec(hosts: 1022, pods: 1023)).hosts.count == 1022)
        let hosts = try LabTexts.problems(spec(hosts: 1023, pods: 0))
        #expect(hosts.map(\.keyPath) == ["node"] && hosts.first?.message.contains("1023 ports") == true, "\(hosts)")
        let pods = try LabTexts.problems(spec(hosts: 0, pods: 1024))
        #expect(pods.map(\.keyPath) == ["pod"] && pods.first?.remedy.contains("1023 ports") == true, "\(pods)")
        let full = try LabTexts.parse(spec(hosts: 0, pods: 1023))
        #expect(throws: LabFileError.self) { try full.adding(pods: [PodManifest(name: "q")]) }
    }
}
