import KubernetesModel
import Testing

@testable import ControlPlane

@Suite("Applying many objects in one request")
struct LabApplyTests {
    private static let target = "/lab/v1/apply"

    private func map(_ name: String, namespace: String = "default", value: String = "v") -> String {
        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"\(name)\",\"namespace\":\"\(namespace)\"},"
            + "\"data\":{\"k\":\"\(value)\"}}"
    }

    private func run(
        limits: ServerLimits = ServerLimits(), _ body: (TestServer) async throws -> Void
    ) async throws {
        try await TestServer.run(limits: limits) { test in
            try await test.registry.bootstrap()
            try await body(test)
        }
    }

    private func outcomes(_ answer: TestAnswer) throws -> [String] {
        (try answer.json["results"]?.array ?? []).compactMap { $0["outcome"]?.string }
    }

    @Test("each object gets its outcome, and lab owns its fields")
    func outcomes() async throws {
        try await run { test in
            let first = try await test.ask("POST", Self.target, body: "[\(map("a")),\(map("b"))]")
            #expect(first.status == 200)
            #expect(try outcomes(first) == ["created", "created"])
            let again = try await test.ask(
                "POST", Self.target, body: "[\(map("a", value: "w")),\(map("b")),\(map("c"))]")
            #expect(try outcomes(again) == ["configured", "unchanged", "created"])
            let stored = try #require(test.store.object(ObjectKey(.configMaps, namespace: "default", name: "a")))
            #expect(stored.object["data", "k"] == "w")
            #expect(stored.object["metadata", "managedFields"]?.array?.first?["manager"] == "lab")
        }
    }

    @Test("one refused object is told by its place, and nothing is changed")
    func refusal() async throws {
        try await run { test in
            let answer = try await test.ask(
                "POST", Self.target, body: "[\(map("a")),\(map("b", namespace: "nowhere")),{\"kind\":\"Foo\"}]")
            #expect(answer.status == 422)
            let refusals = try #require(try answer.json["refusals"]?.array)
            #expect(refusals.map { $0["index"] } == [1, 2])
            #expect(refusals.first?[path: ["status", "message"]] == "namespaces \"nowhere\" not found")
            #expect(test.store.object(ObjectKey(.configMaps, namespace: "default", name: "a")) == nil)
        }
    }

    @Test("a dry run changes nothing")
    func dryRun() async throws {
        try await run { test in
            let answer = try await test.ask("POST", "\(Self.target)?dryRun=All", body: "[\(map("a"))]")
            #expect(try outcomes(answer) == ["created"])
            #expect(test.store.object(ObjectKey(.configMaps, namespace: "default", name: "a")) == nil)
        }
    }

    @Test("what is no array, and another method, are refused")
    func form() async throws {
        try await run { test in
            let answers = [
                try await test.ask("POST", Self.target, body: "{}"), try await test.ask("POST", Self.target, body: "["),
                try await test.ask("GET", Self.target),
            ]
            #expect(answers.map(\.status) == [400, 400, 405])
        }
    }

    @Test("nobody can ask for it over TLS, whatever the token")
    func overTLS() async throws {
        try await run { test in
            let client = try await TestClient.tls(
                port: test.port, authority: test.credentials.authorityCertificate)
            defer { client.close() }
            let answer = try await client.ask(
                "POST", Self.target, [("Authorization", "Bearer \(test.credentials.adminToken)")],
                body: "[\(map("a"))]")
            #expect(answer.status == 404)
            #expect(test.store.object(ObjectKey(.configMaps, namespace: "default", name: "a")) == nil)
        }
    }

    @Test("the body may be longer than an object's, and has a bound of its own")
    func length() async throws {
        var limits = ServerLimits()
        limits.bodyBytes = 400
        limits.manifestBytes = 2_000
        try await run(limits: limits) { test in
            let five = (0..<5).map { map("m\($0)") }.joined(separator: ",")
            let many = (0..<30).map { map("m\($0)") }.joined(separator: ",")
            let answers = [
                try await test.ask("POST", Self.target, body: "[\(five)]"),
                try await test.ask("POST", Self.target, body: "[\(many)]"),
            ]
            #expect(answers.map(\.status) == [200, 413])
        }
    }
}
