import Addressing
import KubernetesModel
import Testing

@testable import Topology

@Suite("Pods of the API in a lab")
struct APIPodsTests {
    private func lab(_ pods: [PodSpec], range: String = "10.244.1.0/24") throws -> LabSpec {
        LabSpec(
            name: "lab", cluster: ClusterSpec(podCIDR: try cidrs("10.244.0.0/16")),
            nodes: [
                NodeSpec(name: "node1", address: try addresses("192.168.1.10"), podCIDR: try cidrs(range))
            ], pods: pods)
    }

    private func pod(_ name: String, _ address: String, api: Bool, node: String = "node1") throws -> PodSpec {
        var pod = PodSpec(name: name, node: node, address: try addresses(address))
        pod.isFromAPI = api
        return pod
    }

    @Test("a new lab file leaves them alone")
    func kept() throws {
        let applied = try lab([pod("a", "10.244.1.5", api: false), pod("web", "10.244.1.6", api: true)])
        let next = try lab([pod("b", "10.244.1.7", api: false)]).keepingAPIPods(of: applied)
        #expect(next.pods.map(\.name) == ["b", "web"])
        #expect(next.keepingAPIPods(of: applied) == next)
    }

    @Test("those that do not fit it go: their node, name or address is another's, or their range has changed")
    func gone() throws {
        let applied = try lab([
            pod("name", "10.244.1.5", api: true), pod("address", "10.244.1.6", api: true),
            pod("node", "10.244.1.7", api: true, node: "node2"),
        ])
        let file = try lab([pod("name", "10.244.1.8", api: false), pod("other", "10.244.1.6", api: false)])
        #expect(file.keepingAPIPods(of: applied).pods == file.pods)
        let moved = try lab([], range: "10.244.9.0/24")
        #expect(try moved.keepingAPIPods(of: lab([pod("web", "10.244.1.6", api: true)])).pods.isEmpty)
    }

    @Test("a spec cannot bring some of its own")
    func claimed() throws {
        let claimed = try lab([pod("web", "10.244.1.6", api: true)])
        #expect(claimed.keepingAPIPods(of: nil).pods.isEmpty)
    }

    @Test("a Pod object reads as a pod, and a faulty one is refused")
    func objects() throws {
        var object = APIObject(.pods, namespace: "shop", name: "web")
        object["spec"] = [
            "nodeName": "node1",
            "containers": [["name": "web", "image": "nginx", "ports": [["containerPort": 80, "protocol": "TCP"]]]],
        ]
        let pod = try PodManifest(object)
        #expect(
            pod.namespace == "shop" && pod.node == "node1" && pod.containers.first?.ports.first?.containerPort == 80)
        object["spec", "containers"] = [["image": "nginx"]]
        #expect(throws: LabFileError.self) { try PodManifest(object) }
    }
}
