import KubernetesModel
import ServiceProxy
import Testing

@Suite("healthCheckNodePort")
struct HealthCheckTests {
    private func cluster(_ endpoints: [JSONValue], _ fields: [String: JSONValue] = [:]) -> SampleCluster {
        let spec: [String: JSONValue] = [
            "type": "LoadBalancer", "externalTrafficPolicy": "Local", "healthCheckNodePort": 32000,
        ]
        let ports: [JSONValue] = [["name": "a", "port": 80], ["name": "b", "port": 81]]
        return SampleCluster(
            [service("web", ["10.96.10.50"], .object(spec.merging(fields) { $1 }), ports: ports)],
            [slice(endpoints, ports: [["name": "a", "port": 8080], ["name": "b", "port": 8081]])])
    }

    private func counts(_ cluster: SampleCluster) -> [Int] {
        SampleCluster.nodes.map { cluster.ruleset(.dataMaps, on: $0.name).healthChecks.first?.localEndpoints ?? -1 }
    }

    @Test("D5: each node tells its own ready endpoints, a pod once for all of its ports")
    func local() {
        let cluster = cluster([
            endpoint("10.244.1.5", on: "node1"), endpoint("10.244.1.6", on: "node1"),
            endpoint("10.244.1.7", on: "node1", ready: false),
        ])
        #expect(counts(cluster) == [2, 0])
        let checks = SampleCluster.nodes.flatMap { cluster.ruleset(.dataMaps, on: $0.name).healthChecks }
        #expect(checks.map(\.port) == [32000, 32000])
        #expect(checks.map(\.isHealthy) == [true, false])
        #expect(checks.map(\.service.description) == ["default/web", "default/web"])
    }

    @Test("D5, corner case 19: endpoints that end do not count, also while they take traffic")
    func terminating() {
        let ending = endpoint("10.244.1.5", on: "node1", ready: false, serving: true, terminating: true)
        #expect(counts(cluster([ending])) == [0, 0])
    }

    @Test("only load balancers with the policy Local have the port")
    func others() {
        let endpoints = [endpoint("10.244.1.5", on: "node1")]
        for fields in [["externalTrafficPolicy": "Cluster"], ["type": "NodePort"]] as [[String: JSONValue]] {
            #expect(counts(cluster(endpoints, fields)) == [-1, -1])
        }
    }

    @Test("D5: an update says whether the answers are others than before")
    func changes() {
        var cluster = cluster([endpoint("10.244.1.5", on: "node1")])
        var ruleset = cluster.ruleset(.chains)
        let ports: [JSONValue] = [["name": "a", "port": 8080], ["name": "b", "port": 8081]]
        func update(_ endpoints: [JSONValue]) -> Bool {
            cluster.tracker.update(slice(endpoints, ports: ports))
            return ruleset.update(cluster.tracker.takeChanges(), from: cluster.tracker).changesHealthChecks
        }
        #expect(!update([endpoint("10.244.1.6", on: "node1")]))
        #expect(update([endpoint("10.244.1.6", on: "node2")]))
        #expect(ruleset.healthChecks.map(\.isHealthy) == [false])
        cluster.tracker.removeService(ServiceName(namespace: "default", name: "web"))
        #expect(ruleset.update(cluster.tracker.takeChanges(), from: cluster.tracker).changesHealthChecks)
        #expect(ruleset.healthChecks.isEmpty)
    }
}
