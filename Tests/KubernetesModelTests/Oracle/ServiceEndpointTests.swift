import KubernetesModel
import Testing

/// Which endpoints of the slices count.
@Suite("Endpoints of Services")
struct ServiceEndpointTests {
    private func flow(
        _ endpoints: [EndpointSlice.Endpoint], from source: String = "client1", policy: String = "Cluster"
    ) throws -> String {
        var cluster = ServiceCluster()
        cluster.slices = [.init(endpoints)]
        cluster.spec["internalTrafficPolicy"] = .string(policy)
        return try cluster.flow(source, "10.96.0.10:80")
    }

    @Test("an endpoint that several slices name counts once, and as ready when one of them says so")
    func duplicates() throws {
        var cluster = ServiceCluster()
        cluster.slices.append(
            .init([
                .on("node1", "10.244.1.3", ready: false), .on("node2", "10.244.2.3"), .on("node3", "10.244.3.3"),
            ]))
        #expect(try cluster.flow("client1", "10.96.0.10:80") == "web1 web2 web3, preserved")
        cluster.slices.reverse()
        #expect(try cluster.flow("client1", "10.96.0.10:80") == "web1 web2 web3, preserved")
    }

    @Test("names, addresses of another family and ports without a number are no endpoints")
    func unusable() throws {
        var cluster = ServiceCluster()
        var names = ServiceCluster.Slice([.on("node3", "db.example.org")])
        names.addressType = "FQDN"
        let wrongFamily = ServiceCluster.Slice([.on("node3", "fd00:10:244:3::3")])
        var anyPort = ServiceCluster.Slice([.on("node3", "10.244.3.3")])
        anyPort.ports = [["name": "http"]]
        cluster.slices += [names, wrongFamily, anyPort]
        #expect(try cluster.flow("client1", "10.96.0.10:80") == "web1 web2, preserved")
        #expect(try cluster.flow("client1", "[fd00:10:96::10]:80") == "refused")
    }

    @Test("slices of another Service or namespace are not this one's")
    func others() throws {
        var cluster = ServiceCluster()
        for (namespace, service) in [("default", "db"), ("shop", "web")] {
            var slice = APIObject(
                .endpointSlices, namespace: namespace, name: "x",
                [
                    "addressType": "IPv4", "ports": [["name": "http", "port": 8080]],
                    "endpoints": [["addresses": ["10.244.3.3"]]],
                ])
            slice.labels = ["kubernetes.io/service-name": service]
            cluster.others.append(slice)
        }
        #expect(try cluster.flow("client1", "10.96.0.10:80") == "web1 web2, preserved")
    }

    @Test("publishNotReadyAddresses is in the slices: what they call ready is, ending or not")
    func publishedNotReady() throws {
        let ending = EndpointSlice.Endpoint.on("node1", "10.244.1.3", ready: true, serving: false, terminating: true)
        #expect(try flow([ending, .on("node2", "10.244.2.3")]) == "web1 web2, preserved")
    }

    @Test("a pod that reaches itself through a Service: what it sees is a question, and the others see the pod")
    func hairpin() throws {
        let cluster = ServiceCluster()
        let words = "web1 (service.hairpin-source) web2 (preserved)"
        #expect(try cluster.flow("web1", "10.96.0.10:80") == words)
        #expect(
            try cluster.flow("web1", "10.96.0.10:80", .kubeProxyNFTables) == "web1 (masqueraded) web2 (preserved)")
    }

    @Test("hints for the node's zone are respected when every ready endpoint has hints")
    func zoneHints() throws {
        let hinted: [EndpointSlice.Endpoint] = [
            .on("node1", "10.244.1.3", zones: ["a", "c"]), .on("node2", "10.244.2.3", zones: ["b"]),
            .on("node3", "10.244.3.3", ready: false),
        ]
        #expect(try flow(hinted) == "web1, preserved")
        #expect(try flow(hinted, from: "client2") == "web2, preserved")
        #expect(try flow(hinted, from: "client3") == "web1, preserved")
    }

    @Test("one ready endpoint without hints, or no hint for the node's zone: all endpoints")
    func missingHints() throws {
        #expect(
            try flow([.on("node1", "10.244.1.3"), .on("node2", "10.244.2.3", zones: ["a"])]) == "web1 web2, preserved")
        #expect(
            try flow([.on("node1", "10.244.1.3", zones: ["b"]), .on("node2", "10.244.2.3", zones: ["b"])])
                == "web1 web2, preserved")
    }

    @Test("hints for the node come before those for its zone, and those before none")
    func nodeHints() throws {
        let hinted: [EndpointSlice.Endpoint] = [
            .on("node1", "10.244.1.3", zones: ["a"], nodes: ["node1"]),
            .on("node2", "10.244.2.3", zones: ["a", "b"], nodes: ["node2"]),
        ]
        #expect(try flow(hinted) == "web1, preserved")
        #expect(try flow(hinted, from: "client2") == "web2, preserved")
        #expect(try flow(hinted, from: "client3") == "web1 web2, preserved")
        var someNode = hinted
        someNode[1].nodeHints = []
        #expect(try flow(someNode) == "web1 web2, preserved", "node hints count only where all have them")
    }

    @Test("hints have no say with policy Local, nor among endpoints that end")
    func hintsAside() throws {
        let local: [EndpointSlice.Endpoint] = [
            .on("node1", "10.244.1.3", zones: ["b"], nodes: ["node2"]),
            .on("node2", "10.244.2.3", zones: ["a"], nodes: ["node1"]),
        ]
        #expect(try flow(local, policy: "Local") == "web1, preserved")
        var ending = [EndpointSlice.Endpoint.ending("node1", "10.244.1.3"), .ending("node2", "10.244.2.3")]
        ending[0].zoneHints = ["a"]
        ending[1].zoneHints = ["b"]
        #expect(try flow(ending) == "web1 web2, preserved")
    }

    @Test("hints count at the node that meets the flow, for NodePorts the one that is dialled")
    func hintsAtNodePort() throws {
        var cluster = ServiceCluster()
        cluster.spec["type"] = "NodePort"
        cluster.slices = [
            .init([.on("node1", "10.244.1.3", zones: ["a"]), .on("node2", "10.244.2.3", zones: ["b"])])
        ]
        #expect(try cluster.flow("client1", "192.168.1.12:30080") == "web2, masqueraded")
    }
}
