import Addressing
import KubernetesModel
import Testing

/// The sentences, and what is asked in vain.
@Suite("Reasons for what Services do")
struct ServiceReasonTests {
    @Test("a sentence names the Service, the port, the policy and where that is written")
    func sentences() throws {
        var cluster = ServiceCluster()
        cluster.spec = ["type": "NodePort", "externalTrafficPolicy": "Local", "internalTrafficPolicy": "Local"]
        #expect(
            try cluster.reason("outside", "192.168.1.13:30080")
                == "Service default/web port http at NodePort 192.168.1.13:30080/TCP: externalTrafficPolicy Local, and node3 "
                + "has no usable endpoint: dropped (core/v1 ServiceSpec)")
        #expect(
            try cluster.reason("client1", "10.96.0.10:80")
                == "Service default/web port http at ClusterIP 10.96.0.10:80/TCP: internalTrafficPolicy Local: node1's own, "
                + "1 endpoint")
        cluster.slices = []
        #expect(
            try cluster.reason("client1", "10.96.0.10:80")
                == "Service default/web port http at ClusterIP 10.96.0.10:80/TCP: no endpoint in the whole cluster: refused"
        )
        #expect(
            try cluster.reason("client1", "10.96.0.10:81")
                == "Service default/web has no port 81/TCP at 10.96.0.10: what happens is up to the proxy (KEP-3866)")
    }

    @Test("who is not there, has no address or is inside of the cluster after all is told so")
    func unanswerable() throws {
        var cluster = ServiceCluster()
        cluster.others = [
            ServiceCluster.pod("single", on: "node1", ["10.244.1.9"]), ServiceCluster.pod("waiting", on: "", []),
        ]
        let oracle = try cluster.oracle
        let target = try FlowTarget(parsing: "[fd00:10:96::10]:80")
        func failure(_ source: FlowSource) -> FlowError? {
            do throws(FlowError) {
                _ = try oracle.answer(for: target, from: source)
                return nil
            } catch { return error }
        }
        let inside = try #require(IPAddress("fd00:10:244:7::7"))
        let outside = try #require(IPAddress("2001:db8::7"))
        let other = try #require(IPAddress("192.168.1.100"))
        #expect(failure(.pod(PodReference(name: "nobody"))) == .unknownPod(PodReference(name: "nobody")))
        #expect(failure(.pod(PodReference(name: "waiting"))) == .notScheduled(PodReference(name: "waiting")))
        #expect(
            failure(.pod(PodReference(name: "single"))) == .noAddress(of: .pod(PodReference(name: "single")), .ipv6))
        #expect(failure(.node("node9")) == .unknownNode("node9"))
        #expect(failure(.outside(inside, through: "node1")) == .inside(inside))
        #expect(failure(.outside(outside, through: "node9")) == .unknownNode("node9"))
        #expect(
            failure(.outside(other, through: "node1")) == .noAddress(of: .outside(other, through: "node1"), .ipv6))
        #expect(failure(.outside(outside, through: "node1")) == nil)
    }

    @Test("only load balancers with externalTrafficPolicy Local answer at a healthCheckNodePort")
    func health() throws {
        var cluster = ServiceCluster()
        cluster.spec = ["type": "LoadBalancer", "healthCheckNodePort": 30100, "externalTrafficPolicy": "Local"]
        #expect(try cluster.oracle.health(ofService: "web", namespace: "default", at: "node1")?.localEndpoints == 1)
        #expect(try cluster.oracle.health(ofService: "web", namespace: "default", at: "node1", .ipv6)?.status == 503)
        #expect(try cluster.oracle.health(ofService: "db", namespace: "default", at: "node1") == nil)
        #expect(throws: FlowError.unknownNode("node9")) {
            try cluster.oracle.health(ofService: "web", namespace: "default", at: "node9")
        }
        for (field, value) in [("externalTrafficPolicy", "Cluster"), ("type", "NodePort")] {
            var other = cluster
            other.spec[field] = .string(value)
            #expect(try other.oracle.health(ofService: "web", namespace: "default", at: "node1") == nil)
        }
    }

    @Test("a node's endpoints are counted once, on however many ports they serve")
    func healthOfSeveralPorts() throws {
        var cluster = ServiceCluster()
        cluster.spec = [
            "type": "LoadBalancer", "healthCheckNodePort": 30100, "externalTrafficPolicy": "Local",
            "ports": [["name": "http", "port": 80], ["name": "https", "port": 443]],
        ]
        cluster.slices[0].ports = [["name": "http", "port": 8080], ["name": "https", "port": 8443]]
        #expect(try cluster.oracle.health(ofService: "web", namespace: "default", at: "node1")?.localEndpoints == 1)
    }
}
