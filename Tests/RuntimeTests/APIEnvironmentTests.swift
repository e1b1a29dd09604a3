import Addressing
import Testing
import Topology

@testable import Runtime

@Suite("How programs are told of the API")
struct APIEnvironmentTests {
    @Test("every container of the lab file's pods is told where it is, once, and what it sets itself stays")
    func telling() throws {
        var container = ContainerSpec.builtinServer
        container.environment = [EnvironmentVariable(name: "KUBERNETES_SERVICE_HOST", value: "mine")]
        let spec = LabSpec(
            name: "lab", cluster: ClusterSpec(serviceCIDR: [try #require(CIDR("fd00::/112"))]),
            pods: [PodSpec(name: "a", node: "node1"), PodSpec(name: "b", node: "node1", containers: [container])])
        let told = spec.tellingPodsOfAPI()
        let variables = told.pods.map { Dictionary($0.containers[0].environment.map { ($0.name, $0.value) }) { $1 } }
        #expect(variables[0]["KUBERNETES_SERVICE_HOST"] == "fd00::1")
        #expect(variables[0]["KUBERNETES_PORT"] == "tcp://[fd00::1]:443")
        #expect(variables[1]["KUBERNETES_SERVICE_HOST"] == "mine")
        #expect(told.tellingPodsOfAPI() == told)
        #expect(told.forgettingAPI() == spec)
    }

    @Test("state files have none of that, and what is read from them has all of it")
    func stateFiles() throws {
        let spec = LabSpec(
            name: "lab", cluster: ClusterSpec(serviceCIDR: [try #require(CIDR("10.96.0.0/12"))]),
            pods: [PodSpec(name: "a", node: "node1")])
        let told = spec.tellingPodsOfAPI()
        let bytes = try LabDirectory.encoded(told)
        #expect(!String(decoding: bytes, as: UTF8.self).contains("KUBERNETES_"))
        #expect(try LabDirectory.encoded(told, knowing: [1, 2], of: spec) == [1, 2])
        #expect(try LabDirectory.encoded(told, knowing: [1, 2], of: told) == bytes)

        let root = "/tmp/lab-tests.\(UInt64.random(in: 0...UInt64.max))"
        let directory = LabDirectories(stateRoot: root, namespaceRoot: "\(root)/netns").lab("lab")
        defer { try? StateFile.removeTree(root) }
        try directory.create()
        #expect(try directory.applied() == nil && directory.targets().isEmpty)
        try StateFile.replace(directory.appliedSpec, with: bytes)
        try StateFile.replace(directory.targetSpecs, jsonArray: [bytes, bytes])
        #expect(try directory.applied() == told && directory.targets() == [told, told])
    }

    @Test("addresses that are known with the network are filled in")
    func addresses() throws {
        var pod = PodSpec(name: "a", node: "node1", address: ["10.0.0.5", "fd00::5"].compactMap { IPAddress($0) })
        pod.containers[0].environment = [
            EnvironmentVariable(name: "IP", value: "http://\(ContainerEnvironment.podAddress):80"),
            EnvironmentVariable(name: "IPS", value: ContainerEnvironment.podAddresses),
        ]
        #expect(
            pod.fillingInAddresses().containers[0].environment.map(\.value) == [
                "http://10.0.0.5:80", "10.0.0.5,fd00::5",
            ])
    }
}
