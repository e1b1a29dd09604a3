import KubernetesModel
import Testing

/// externalTrafficPolicy Local, and a client of another node than the one whose NodePort it dials.
@Suite("NodePorts of other nodes")
struct ServiceRemoteNodePortTests {
    private var cluster: ServiceCluster {
        var cluster = ServiceCluster()
        cluster.spec = ["type": "NodePort", "externalTrafficPolicy": "Local"]
        return cluster
    }

    @Test("whether a pod of another node is an outsider is up to the proxy; kube-proxy knows it by the pods' ranges")
    func pod() throws {
        #expect(try cluster.flow("client1", "192.168.1.12:30080") == "service.local-nodeport-from-remote-pod")
        #expect(
            try cluster.flow("client1", "192.168.1.12:30080", .kubeProxyNFTables) == "web1 web2, preserved")
        let outsider: ServiceProfile = [.localNodePortFromRemotePod: "local-endpoints"]
        #expect(try cluster.flow("client1", "192.168.1.12:30080", outsider) == "web2, preserved")
        #expect(try cluster.flow("client1", "192.168.1.13:30080", outsider) == "dropped")
    }

    @Test("whether another node is an outsider is up to the proxy; kube-proxy takes it for one")
    func node() throws {
        #expect(try cluster.flow("node1", "192.168.1.12:30080") == "service.local-nodeport-from-remote-node")
        #expect(try cluster.flow("node1", "192.168.1.12:30080", .kubeProxyNFTables) == "web2, preserved")
        #expect(try cluster.flow("node1", "192.168.1.13:30080", .kubeProxyNFTables) == "dropped")
    }

    @Test("a pod that keeps its address gets no proper answer from an endpoint beside the node that it dialled")
    func returnPath() throws {
        let answer = try cluster.oracle.answer(
            for: FlowTarget(parsing: "192.168.1.12:30080"), from: FlowSource(parsing: "client1")
        ).settled(by: .kubeProxyNFTables)
        #expect(answer.candidates.map(\.repliesAreTranslated) == [false, true])
        let own = try cluster.oracle.answer(
            for: FlowTarget(parsing: "192.168.1.11:30080"), from: FlowSource(parsing: "client1"))
        #expect(own.candidates.map(\.repliesAreTranslated) == [true, true])
    }

    @Test("a masquerading node gets all replies, and so does a node with the client's own endpoints")
    func otherReturnPaths() throws {
        var everywhere = cluster
        everywhere.spec["externalTrafficPolicy"] = "Cluster"
        for cluster in [everywhere, cluster] {
            let answer = try cluster.oracle.answer(
                for: FlowTarget(parsing: "192.168.1.12:30080"), from: FlowSource(parsing: "outside"))
            #expect(!answer.candidates.isEmpty)
            #expect(answer.candidates.allSatisfy { $0.repliesAreTranslated })
        }
    }
}
