import KubernetesModel
import Testing

@testable import ControlPlane

@Suite("Changing over the API")
struct WriteTests {
    private static let maps = "/api/v1/namespaces/default/configmaps"

    private func run(_ body: (TestServer) async throws -> Void) async throws {
        try await TestServer.run { test in
            try await test.registry.bootstrap()
            try await body(test)
        }
    }

    private func map(_ name: String = "a", _ more: String = "") -> String {
        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"\(name)\"},\"data\":{\"k\":\"v\"}\(more)}"
    }

    @Test("an object is created, replaced, patched and deleted")
    func life() async throws {
        try await run { test in
            let created = try await test.ask("POST", Self.maps, [("User-Agent", "kubectl/v1.32 (linux)")], body: map())
            #expect(created.status == 201)
            #expect(try await test.ask("POST", Self.maps, body: map()).status == 409)
            var object = APIObject(try created.json)
            #expect(object["metadata", "managedFields"]?.array?.first?["manager"] == "kubectl")
            object["data"] = ["k": "w"]
            let replaced = try await test.ask("PUT", "\(Self.maps)/a", body: object.value.text)
            #expect(replaced.status == 200)
            #expect(try await test.ask("PUT", "\(Self.maps)/a", body: object.value.text).status == 409)
            for (type, patch) in [
                ("application/merge-patch+json", "{\"data\":{\"m\":\"1\"}}"),
                ("application/strategic-merge-patch+json", "{\"data\":{\"s\":\"1\"}}"),
                ("application/json-patch+json", "[{\"op\":\"add\",\"path\":\"/data/j\",\"value\":\"1\"}]"),
            ] {
                let answer = try await test.ask("PATCH", "\(Self.maps)/a", [("Content-Type", type)], body: patch)
                #expect(answer.status == 200, "\(type): \(answer.text)")
            }
            let now = try await test.ask("GET", "\(Self.maps)/a").json
            #expect(now["data"] == ["k": "w", "m": "1", "s": "1", "j": "1"])
            let deleted = try await test.ask("DELETE", "\(Self.maps)/a")
            #expect(try deleted.json["status"] == "Success")
            #expect(try deleted.json[path: ["details", "uid"]] == .string(object.uid))
            #expect(try await test.ask("DELETE", "\(Self.maps)/a").status == 404)
        }
    }

    @Test("server-side apply creates and goes on, and needs a manager")
    func apply() async throws {
        try await run { test in
            let headers = [("Content-Type", "application/apply-patch+yaml")]
            let target = "\(Self.maps)/a"
            #expect(try await test.ask("PATCH", target, headers, body: map()).status == 422)
            #expect(try await test.ask("PATCH", "\(target)?fieldManager=one", headers, body: map()).status == 201)
            #expect(try await test.ask("PATCH", "\(target)?fieldManager=one", headers, body: map()).status == 200)
            let other = map().replacing("\"v\"", with: "\"w\"")
            #expect(try await test.ask("PATCH", "\(target)?fieldManager=two", headers, body: other).status == 409)
            let forced = try await test.ask("PATCH", "\(target)?fieldManager=two&force=true", headers, body: other)
            #expect(forced.status == 200)
            let merge = [("Content-Type", "application/merge-patch+json")]
            #expect(try await test.ask("PATCH", "\(target)?force=true", merge, body: "{}").status == 422)
        }
    }

    @Test("bodies that are not what the path says are refused")
    func wrongBodies() async throws {
        try await run { test in
            for (body, type, status, words) in [
                ("{", "application/json", 400, "error decoding"),
                ("[1]", "application/json", 400, "cannot unmarshal array"),
                (
                    map().replacing("ConfigMap", with: "Secret"), "application/json", 400,
                    "cannot be handled as a ConfigMap"
                ),
                (
                    map().replacing("\"v1\"", with: "\"v2\""), "application/json", 400,
                    "does not match the expected API version"
                ),
                (
                    map("a", ",\"metadata\":{\"name\":\"a\",\"namespace\":\"other\"}"), "application/json", 400,
                    "does not match the namespace"
                ),
                ("k8s\u{0}", "application/vnd.kubernetes.protobuf", 415, "accepted media types"),
                ("a: [", "application/yaml", 400, "YAML"),
            ] {
                let answer = try await test.ask("POST", Self.maps, [("Content-Type", type)], body: body)
                #expect(answer.status == status, "\(answer.text)")
                #expect(try answer.json["message"]?.string?.contains(words) == true, "\(answer.text)")
            }
            #expect(try await test.ask("PUT", "\(Self.maps)/b", body: map()).status == 400)
            #expect(try await test.ask("POST", "/api/v1/configmaps", body: map()).status == 405)
            #expect(
                try await test.ask("PATCH", "\(Self.maps)/b", [("Content-Type", "text/plain")], body: "{}").status
                    == 415)
            #expect(test.store.object(ObjectKey(.configMaps, namespace: "default", name: "a")) == nil)
        }
    }

    @Test("a dry run changes nothing, and unknown fields warn, are refused or are ignored")
    func options() async throws {
        try await run { test in
            #expect(try await test.ask("POST", "\(Self.maps)?dryRun=All", body: map()).status == 201)
            #expect(try await test.ask("GET", "\(Self.maps)/a").status == 404)
            #expect(try await test.ask("POST", "\(Self.maps)?dryRun=Some", body: map()).status == 422)
            let odd = map("a", ",\"foo\":1")
            #expect(try await test.ask("POST", "\(Self.maps)?fieldValidation=Strict", body: odd).status == 400)
            #expect(try await test.ask("POST", "\(Self.maps)?fieldValidation=Odd", body: odd).status == 422)
            let warned = try await test.ask("POST", "\(Self.maps)?fieldValidation=Warn", body: odd)
            #expect(warned["warning"] == "299 - \"unknown field \\\"foo\\\"\"")
            let ignored = try await test.ask(
                "POST", "\(Self.maps)?fieldValidation=Ignore", body: map("b", ",\"foo\":1"))
            #expect(ignored["warning"] == nil)
        }
    }

    @Test("a collection's selected objects are deleted, and preconditions hold back")
    func deletion() async throws {
        try await run { test in
            for name in ["a", "b"] { _ = try await test.ask("POST", Self.maps, body: map(name)) }
            let held = try await test.ask(
                "DELETE", "\(Self.maps)/a", body: "{\"kind\":\"DeleteOptions\",\"preconditions\":{\"uid\":\"x\"}}")
            #expect(held.status == 409)
            #expect(try await test.ask("DELETE", "\(Self.maps)/a?propagationPolicy=Odd").status == 422)
            let list = try await test.ask("DELETE", "\(Self.maps)?fieldSelector=metadata.name%3Da").json
            #expect(list["kind"] == "ConfigMapList")
            #expect(list["items"]?.array?.count == 1)
            #expect(try await test.ask("GET", "\(Self.maps)/b").status == 200)
            #expect(try await test.ask("DELETE", "/api/v1/namespaces").status == 405)
        }
    }

    @Test("replicas are read and set through the scale, pods are bound and evicted")
    func parts() async throws {
        try await run { test in
            let deployment =
                "{\"metadata\":{\"name\":\"web\"},\"spec\":{\"replicas\":2,\"selector\":{\"matchLabels\":{\"a\":\"b\"}},"
                + "\"template\":{\"metadata\":{\"labels\":{\"a\":\"b\"}},\"spec\":{\"containers\":[{\"name\":\"m\",\"image\":\"i\"}]}}}}"
            let target = "/apis/apps/v1/namespaces/default/deployments"
            #expect(try await test.ask("POST", target, body: deployment).status == 201)
            let scale = try await test.ask("GET", "\(target)/web/scale").json
            #expect(scale["kind"] == "Scale")
            #expect(scale[path: ["status", "selector"]] == "a=b")
            #expect(try await test.ask("PUT", "\(target)/web/scale", body: "{\"spec\":{\"replicas\":5}}").status == 200)
            let patched = try await test.ask(
                "PATCH", "\(target)/web/scale", [("Content-Type", "application/merge-patch+json")],
                body: "{\"spec\":{\"replicas\":7}}")
            #expect(try patched.json[path: ["spec", "replicas"]] == 7)
            #expect(
                try await test.ask("PUT", "\(target)/web/scale", body: "{\"spec\":{\"replicas\":-1}}").status == 422)

            let pods = "/api/v1/namespaces/default/pods"
            let pod = "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"containers\":[{\"name\":\"m\",\"image\":\"i\"}]}}"
            #expect(try await test.ask("POST", pods, body: pod).status == 201)
            let binding = "{\"target\":{\"kind\":\"Node\",\"name\":\"node1\"}}"
            #expect(try await test.ask("POST", "\(pods)/p/binding", body: binding).status == 201)
            #expect(try await test.ask("POST", "\(pods)/p/binding", body: binding).status == 409)
            #expect(try await test.ask("GET", "\(pods)/p").json[path: ["spec", "nodeName"]] == "node1")
            #expect(try await test.ask("POST", "\(pods)/p/eviction", body: "{}").status == 201)
            #expect(try await test.ask("GET", "\(pods)/p").json[path: ["metadata", "deletionTimestamp"]] != nil)
        }
    }
}
