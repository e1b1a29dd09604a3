import KubernetesModel
import Testing

@testable import ControlPlane

@Suite("Watching over the API")
struct WatchTests {
    private func pod(_ name: String, app: String = "web", note: String = "") -> (ResourceType, APIObject) {
        var pod = APIObject(.pods, name: name, ["spec": ["nodeName": "node1"]])
        pod.labels = ["app": app]
        if !note.isEmpty { pod.annotations = ["note": note] }
        return (.pods, pod)
    }

    /// Begins a watch; its events are read with `event()`.
    private func watch<Result>(
        _ test: TestServer, _ query: String, accept: String? = nil, _ body: (TestClient) async throws -> Result
    ) async throws -> Result {
        try await test.client { client in
            let headers = accept.map { [("Accept", $0)] } ?? []
            try await client.send(TestClient.request("GET", "/api/v1/pods?watch=true&\(query)", headers))
            let head = try await client.head()
            #expect(head.status == 200)
            #expect(head.isChunked)
            return try await body(client)
        }
    }

    private func next(_ client: TestClient) async throws -> (type: String, name: String, version: String) {
        let event = try #require(try await client.event())
        return (
            event["type"]?.string ?? "", event[path: ["object", "metadata", "name"]]?.string ?? "",
            event[path: ["object", "metadata", "resourceVersion"]]?.string ?? ""
        )
    }

    @Test("a watch without a version begins with what there is, and goes on with changes")
    func fromNothing() async throws {
        try await TestServer.run { test in
            try test.put(pod("a"))
            let version = test.store.resourceVersion
            for query in ["", "resourceVersion=0&allowWatchBookmarks=true"] {
                try await watch(test, query) { client in
                    #expect(try await next(client) == ("ADDED", "a", String(version)))
                    try test.put(pod("b"))
                    #expect(try await next(client).type == "ADDED")
                    try test.put(pod("b", note: "x"))
                    #expect(try await next(client).type == "MODIFIED")
                    try test.store.commit([.remove(.pods, pod("b").1)])
                    #expect(try await next(client) == ("DELETED", "b", String(test.store.resourceVersion)))
                }
            }
        }
    }

    @Test("a watch from a version tells of the changes behind it, by the selection's transitions")
    func fromVersion() async throws {
        try await TestServer.run { test in
            try test.put(pod("a"))
            let version = test.store.resourceVersion
            try test.put(pod("a", app: "other"), pod("c", app: "other"), pod("a"))
            try await watch(test, "resourceVersion=\(version)&labelSelector=app%3Dweb") { client in
                let left = try #require(try await client.event())
                #expect(left["type"] == "DELETED")
                // As it was within the selection, under the version of the change.
                #expect(left[path: ["object", "metadata", "labels", "app"]] == "web")
                #expect(left[path: ["object", "metadata", "resourceVersion"]] == .string(String(version + 1)))
                #expect(try await next(client) == ("ADDED", "a", String(version + 3)))
            }
        }
    }

    @Test("a version from before the server's history gets 410, so that clients list again")
    func expired() async throws {
        try await TestServer.run { test in
            try test.put(pod("a"))
            for version in ["999999", "1000000000000"] {
                let answer = try await test.ask("GET", "/api/v1/pods?watch=true&resourceVersion=\(version)")
                #expect(answer.status == 410)
                #expect(try answer.json["reason"] == "Expired")
            }
        }
    }

    @Test("WatchList sends what there is and then the bookmark that ends it")
    func watchList() async throws {
        try await TestServer.run { test in
            try test.put(pod("a"), pod("b"))
            let query = "allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan"
            for version in ["", "&resourceVersion=0", "&resourceVersion=2"] {
                try await watch(test, query + version) { client in
                    #expect(try await next(client).name == "a")
                    #expect(try await next(client).name == "b")
                    let bookmark = try #require(try await client.event())
                    #expect(bookmark["type"] == "BOOKMARK")
                    #expect(bookmark[path: ["object", "kind"]] == "Pod")
                    #expect(
                        bookmark[path: ["object", "metadata", "annotations", "k8s.io/initial-events-end"]] == "true")
                    #expect(
                        bookmark[path: ["object", "metadata", "resourceVersion"]]
                            == .string(String(test.store.resourceVersion)))
                }
            }
        }
    }

    @Test("a watch ends at its timeout with a bookmark, and the connection serves on")
    func timeout() async throws {
        try await TestServer.run { test in
            try test.put(pod("a"))
            let query = "timeoutSeconds=1&allowWatchBookmarks=true&resourceVersion=\(test.store.resourceVersion)"
            try await watch(test, query) { client in
                try test.put((.services, APIObject(.services, name: "s")))
                #expect(try await next(client) == ("BOOKMARK", "", String(test.store.resourceVersion)))
                #expect(try await client.event() == nil)
                #expect(try await client.ask("GET", "/version").status == 200)
            }
        }
    }

    @Test("a watch of tables has the columns in its first event only")
    func tables() async throws {
        try await TestServer.run { test in
            try test.put(pod("a"), pod("b"))
            try await watch(test, "", accept: "application/json;as=Table;v=v1;g=meta.k8s.io") { client in
                let first = try #require(try await client.event())
                #expect(first[path: ["object", "kind"]] == "Table")
                #expect(first[path: ["object", "columnDefinitions"]]?.array?.isEmpty == false)
                #expect(first[path: ["object", "rows"]]?.array?.count == 1)
                let second = try #require(try await client.event())
                #expect(second[path: ["object", "columnDefinitions"]]?.isNull == true)
            }
        }
    }

    @Test("a change reaches a hundred watchers")
    func hundred() async throws {
        try await TestServer.run { test in
            let version = test.store.resourceVersion
            var clients: [TestClient] = []
            defer { for client in clients { client.close() } }
            for _ in 0..<100 {
                let client = try await TestClient.unix(test.socketPath)
                clients.append(client)
                try await client.send(TestClient.request("GET", "/api/v1/pods?watch=true&resourceVersion=\(version)"))
                #expect(try await client.head().status == 200)
            }
            for round in 0..<3 {
                try test.put(pod("a", note: "\(round)"))
                for client in clients {
                    #expect(try await next(client).version == String(test.store.resourceVersion))
                }
            }
        }
    }

    @Test("a watcher that never reads holds back nobody, and learns that its version has gone once it reads")
    func neverReading() async throws {
        let store = ObjectStore(history: EventLog.Bounds(count: 500, bytes: 1 << 20, reading: 100))
        try await TestServer.run(store: store) { test in
            let version = test.store.resourceVersion
            let lazy = try await TestClient.unix(test.socketPath, readsByItself: false)
            defer { lazy.close() }
            try await lazy.send(TestClient.request("GET", "/api/v1/pods?watch=true&resourceVersion=\(version)"))
            try await watch(test, "resourceVersion=\(version)") { client in
                for index in 0..<3000 {
                    try test.put(pod("a", note: String(repeating: "x", count: 1000) + "\(index)"))
                    #expect(try await next(client).version == String(test.store.resourceVersion))
                }
            }
            lazy.readOn()
            _ = try await lazy.head()
            var last: JSONValue?
            var count = 0
            while let event = try await lazy.event() {
                last = event
                count += 1
            }
            #expect(last?["type"] == "ERROR")
            #expect(last?[path: ["object", "code"]] == 410)
            #expect(last?[path: ["object", "reason"]] == "Expired")
            #expect(count < 3000)
        }
    }
}
