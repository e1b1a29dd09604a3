import Addressing
import KubernetesModel
import TestSupport
import Testing

@testable import ControlPlane

@Suite("The objects that every cluster has")
struct BuiltinObjectsTests {
    @Test("they are made once")
    func idempotent() async throws {
        let cluster = try await Cluster("10.96.0.0/16", "fd00::/108")
        let version = cluster.store.resourceVersion
        try await cluster.registry.bootstrap(caCertificate: "PEM")
        #expect(cluster.store.resourceVersion == version)
        #expect(
            cluster.store.objects(ObjectSelection(.namespaces)).objects.map(\.key.name)
                == ["default", "kube-node-lease", "kube-public", "kube-system"])
        let service = try cluster.object(.service("kubernetes"))
        #expect(service["spec", "clusterIPs"] == ["10.96.0.1"])
        #expect(service["spec", "ports"]?.array?.first?["port"] == 443)
        let blocks = try cluster.object(ObjectKey(.serviceCIDRs, name: "kubernetes"))
        #expect(blocks["spec", "cidrs"] == ["10.96.0.0/16", "fd00::/108"])
        for namespace in ["default", "kube-system"] {
            #expect(cluster.store.object(ObjectKey(.serviceAccounts, namespace: namespace, name: "default")) != nil)
            #expect(try cluster.object(.configMap("kube-root-ca.crt", namespace))["data", "ca.crt"] == "PEM")
        }
    }

    @Test("a new certificate reaches every namespace, and a new namespace gets it")
    func certificate() async throws {
        let cluster = try await Cluster()
        try await cluster.registry.bootstrap(caCertificate: "NEW")
        try await cluster.create(#"{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"shop"}}"#)
        for namespace in ["default", "shop"] {
            #expect(try cluster.object(.configMap("kube-root-ca.crt", namespace))["data", "ca.crt"] == "NEW")
        }
        let shop = try cluster.object(ObjectKey(.namespaces, name: "shop"))
        #expect(shop.labels["kubernetes.io/metadata.name"] == "shop")
        #expect(shop["status", "phase"] == "Active")
        #expect(shop["spec", "finalizers"] == ["kubernetes"])
    }

    @Test("the API server's endpoints are set and changed")
    func endpoints() async throws {
        let cluster = try await Cluster()
        for text in ["10.0.0.5", "10.0.0.6"] {
            let addresses = [text, "fd00::5"].compactMap { IPAddress($0) }
            try await cluster.registry.setAPIServerEndpoints(addresses, port: 6443)
            let slice = try cluster.object(ObjectKey(.endpointSlices, namespace: "default", name: "kubernetes"))
            #expect(slice["endpoints"]?.array?.map { $0["addresses"] } == [[.string(text)]])
            #expect(slice.labels["kubernetes.io/service-name"] == "kubernetes")
            let endpoints = try cluster.object(ObjectKey(.endpoints, namespace: "default", name: "kubernetes"))
            #expect(endpoints["subsets"]?.array?.first?["addresses"] == [["ip": .string(text)]])
        }
    }
}
