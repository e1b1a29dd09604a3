import KubernetesModel
import Testing

@testable import ControlPlane

@Suite("Reading over the API")
struct ReadTests {
    private func service(_ name: String, _ namespace: String = "default", app: String = "web") -> (
        ResourceType, APIObject
    ) {
        var service = APIObject(
            .services, namespace: namespace, name: name, ["spec": ["clusterIP": "10.96.0.10", "type": "ClusterIP"]])
        service.labels = ["app": app]
        service.uid = "uid-\(name)"
        return (.services, service)
    }

    @Test("an object is answered as it is stored, and a missing one with 404")
    func get() async throws {
        try await TestServer.run { test in
            try test.put(service("web"))
            let answer = try await test.ask("GET", "/api/v1/namespaces/default/services/web")
            #expect(answer.status == 200)
            #expect(answer["content-type"] == "application/json")
            #expect(try answer.json[path: ["metadata", "resourceVersion"]] == "2")
            let missing = try await test.ask("GET", "/api/v1/namespaces/default/services/other")
            #expect(missing.status == 404)
            #expect(try missing.json["message"] == "services \"other\" not found")
            for target in ["/api/v1/nothing", "/apis/none.io/v1/things", "/api/v1/services/web", "/metrics", "/api/v2"]
            {
                #expect(try await test.ask("GET", target).status == 404, "\(target)")
            }
            #expect(try await test.ask("TRACE", "/api/v1/services").status == 405)
        }
    }

    @Test("lists are selected by namespace, labels and fields")
    func selection() async throws {
        try await TestServer.run { test in
            try test.put(service("a"), service("b", app: "other"), service("c", "shop"))
            func names(_ target: String) async throws -> [String] {
                let list = try await test.ask("GET", target).json
                #expect(list["kind"] == "ServiceList")
                return (list["items"]?.array ?? []).compactMap { $0[path: ["metadata", "name"]]?.string }
            }
            #expect(try await names("/api/v1/services") == ["a", "b", "c"])
            #expect(try await names("/api/v1/namespaces/shop/services") == ["c"])
            #expect(try await names("/api/v1/services?labelSelector=app%3Dweb") == ["a", "c"])
            #expect(try await names("/api/v1/services?fieldSelector=metadata.name%3Db&resourceVersion=999999") == ["b"])
            #expect(
                try await names(
                    "/api/v1/services?limit=500&resourceVersion=0&fieldSelector=spec.clusterIP%21%3DNone"
                        + "&labelSelector=%21service.kubernetes.io%2Fheadless%2C%21service.kubernetes.io%2Fservice-proxy-name"
                ) == ["a", "b", "c"])
            #expect(try await names("/api/v1/namespaces/default/services?fieldSelector=metadata.name%3Db") == ["b"])
            #expect(try await test.ask("GET", "/api/v1/services?fieldSelector=spec.foo%3Db").status == 400)
        }
    }

    @Test("pages of a list show the objects of the first page's version")
    func pages() async throws {
        try await TestServer.run { test in
            for index in 0..<25 { try test.put(service("s\(10 + index)")) }
            var names: [String] = []
            var token = ""
            var version: JSONValue?
            repeat {
                let suffix = token.isEmpty ? "" : "&continue=\(token)"
                let page = try await test.ask("GET", "/api/v1/services?limit=10\(suffix)").json
                names += (page["items"]?.array ?? []).compactMap { $0[path: ["metadata", "name"]]?.string }
                version = version ?? page[path: ["metadata", "resourceVersion"]]
                #expect(page[path: ["metadata", "resourceVersion"]] == version)
                if names.count == 10 { #expect(page[path: ["metadata", "remainingItemCount"]] == 15) }
                token = page[path: ["metadata", "continue"]]?.string ?? ""
                try test.put(service("s10"), service("s99"))
            } while !token.isEmpty
            #expect(names == (0..<25).map { "s\(10 + $0)" })
            let other = try await test.ask("GET", "/api/v1/pods?limit=10&continue=AAAA")
            #expect(other.status == 400)
            let gone = Base64URL.encode(Array("{\"list\":77,\"at\":3}".utf8))
            #expect(try await test.ask("GET", "/api/v1/services?limit=10&continue=\(gone)").status == 410)
        }
    }

    @Test("a client that prefers protobuf gets JSON, and one that takes nothing else gets 406")
    func negotiation() async throws {
        try await TestServer.run { test in
            try test.put(service("web"))
            let target = "/api/v1/namespaces/default/services"
            for (accept, status) in [
                ("application/vnd.kubernetes.protobuf, */*", 200), ("application/vnd.kubernetes.protobuf", 406),
                ("application/vnd.kubernetes.protobuf,application/json", 200), ("*/*", 200),
                ("text/html, */*;q=0.1", 200),
            ] {
                let answer = try await test.ask("GET", target, [("Accept", accept)])
                #expect(answer.status == status)
                #expect(answer["content-type"] == "application/json")
            }
        }
    }

    @Test("tables and metadata are answered to those who ask for them")
    func representations() async throws {
        try await TestServer.run { test in
            try test.put(service("a"), service("b"))
            let accept = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"
            let target = "/api/v1/namespaces/default/services"
            let table = try await test.ask("GET", target, [("Accept", accept)]).json
            #expect(table["kind"] == "Table")
            #expect(table["rows"]?.array?.count == 2)
            #expect(table["rows"]?.array?.first?["object"]?["kind"] == "PartialObjectMetadata")
            #expect((table["columnDefinitions"]?.array?.count ?? 0) >= 2)
            let one = try await test.ask("GET", "\(target)/a?includeObject=Object", [("Accept", accept)]).json
            #expect(one["rows"]?.array?.first?["object"]?["kind"] == "Service")
            let bare = try await test.ask("GET", "\(target)?includeObject=None", [("Accept", accept)]).json
            #expect(bare["rows"]?.array?.first?["object"] == nil)
            let metadata = try await test.ask(
                "GET", target, [("Accept", "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1")]
            ).json
            #expect(metadata["kind"] == "PartialObjectMetadataList")
            #expect(metadata["items"]?.array?.first?["spec"] == nil)
        }
    }

    @Test("ten thousand services are one answer")
    func largeList() async throws {
        try await TestServer.run { test in
            try test.store.commit((0..<10_000).map { .put(.services, service("s\($0)").1) })
            let list = try await test.ask("GET", "/api/v1/services?limit=500&resourceVersion=0").json
            #expect(list["items"]?.array?.count == 10_000)
        }
    }

    @Test("parameters that do not go together are refused as the API server refuses them")
    func parameters() async throws {
        try await TestServer.run { test in
            for (query, status, words) in [
                ("watch=true&sendInitialEvents=true", 422, "sendInitialEvents requires setting resourceVersionMatch"),
                (
                    "watch=true&resourceVersionMatch=NotOlderThan", 422,
                    "is forbidden for watch unless sendInitialEvents"
                ),
                ("sendInitialEvents=true", 422, "sendInitialEvents is forbidden for list"),
                ("resourceVersionMatch=Exact", 422, "forbidden unless resourceVersion is provided"),
                ("resourceVersion=abc", 422, "Invalid value: \"abc\""), ("limit=many", 400, "no whole number"),
                ("labelSelector=a%20b%20c", 400, "unable to parse requirement"),
            ] {
                let answer = try await test.ask("GET", "/api/v1/services?\(query)")
                #expect(answer.status == status, "\(query)")
                #expect(try answer.json["message"]?.string?.contains(words) == true, "\(query): \(answer.text)")
            }
            #expect(
                try await test.ask("GET", "/api/v1/services?resourceVersion=1&resourceVersionMatch=NotOlderThan").status
                    == 200)
        }
    }
}
