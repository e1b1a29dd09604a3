import KubernetesModel
import Testing

@testable import ControlPlane

@Suite("Discovery and OpenAPI")
struct DiscoveryTests {
    @Test("every kind is found by plain and by aggregated discovery")
    func kinds() async throws {
        try await TestServer.run { test in
            #expect(try await test.ask("GET", "/api").json["versions"] == ["v1"])
            let groups = try await test.ask("GET", "/apis").json["groups"]?.array ?? []
            #expect(groups.contains { $0["name"] == "discovery.k8s.io" })
            for group in groups {
                #expect(try await test.ask("GET", "/apis/\(group["name"]?.string ?? "")").json["kind"] == "APIGroup")
            }
            for type in ResourceType.all {
                let root = type.group.isEmpty ? "/api/v1" : "/apis/\(type.apiVersion)"
                let list = try await test.ask("GET", root).json["resources"]?.array ?? []
                let entry = list.first { $0["name"]?.string == type.plural }
                #expect(entry?["kind"]?.string == type.kind)
                for part in type.subresources {
                    #expect(list.contains { $0["name"]?.string == "\(type.plural)/\(part)" })
                }
            }
            for version in ["v2", "v2beta1"] {
                let accept =
                    "application/json;g=apidiscovery.k8s.io;v=\(version);as=APIGroupDiscoveryList,application/json"
                for (path, group, plural) in [("/api", "", "pods"), ("/apis", "apps", "deployments")] {
                    let answer = try await test.ask("GET", path, [("Accept", accept)])
                    #expect((answer["content-type"] ?? "").contains("as=APIGroupDiscoveryList"))
                    let item = try answer.json["items"]?.array?.first {
                        ($0[path: ["metadata", "name"]]?.string ?? "") == group
                    }
                    let resources = item?["versions"]?.array?.first?["resources"]?.array ?? []
                    #expect(resources.contains { $0["resource"]?.string == plural })
                }
            }
        }
    }

    @Test("OpenAPI says that changes can be validated and tried out, in all forms that kubectl asks for")
    func openAPI() async throws {
        try await TestServer.run { test in
            let index = try await test.ask("GET", "/openapi/v3").json
            let url = try #require(index[path: ["paths", "api/v1", "serverRelativeURL"]]?.string)
            let document = try await test.ask("GET", url).json
            let patch = document[path: ["paths", "/api/v1/namespaces/{namespace}/pods/{name}", "patch"]]
            #expect(patch?["x-kubernetes-group-version-kind"] == ["group": "", "version": "v1", "kind": "Pod"])
            let parameters = (patch?["parameters"]?.array ?? []).compactMap { $0["name"]?.string }
            #expect(Set(parameters).isSuperset(of: ["fieldValidation", "dryRun"]))
            let schemas = document[path: ["components", "schemas"]]?.object ?? [:]
            #expect(schemas["io.k8s.api.core.v1.Pod"] != nil)
            // Every reference leads somewhere.
            for part in document.text.split(separator: "\"#/components/schemas/").dropFirst() {
                #expect(schemas[String(part.prefix { $0 != "\"" })] != nil)
            }
            let accept = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf"
            let old = try await test.ask("GET", "/openapi/v2", [("Accept", accept)])
            #expect(old["content-type"] == "application/com.github.proto-openapi.spec.v2.v1.0+protobuf")
            #expect(old.text.contains("dryRun") && old.text.contains("\"kind\":\"Deployment\""))
            #expect(try await test.ask("GET", "/openapi/v2").json["swagger"] == "2.0")
            #expect(try await test.ask("GET", "/openapi/v3/apis/none/v1").status == 404)
            #expect(try await test.ask("GET", "/openapi/v3", [("Accept", "application/x")]).status == 406)
        }
    }
}
