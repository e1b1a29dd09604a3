import KubernetesModel
import Testing

@testable import lab

@Suite("TYPE and NAME behind get, describe and delete")
struct ResourceArgumentsTests {
    private static func shown(_ line: String) throws -> [String] {
        let words = line.split(separator: " ").map(String.init)
        return try ResourceArguments(words, verb: "get").items.map { "\($0.type.plural)/\($0.name ?? "*")" }
    }

    @Test(
        "name kinds and objects as kubectl's do",
        arguments: [
            ("pods", ["pods/*"]), ("po", ["pods/*"]), ("Pod", ["pods/*"]), ("pod a", ["pods/a"]),
            ("pod a b", ["pods/a", "pods/b"]), ("pods,svc", ["pods/*", "services/*"]),
            ("po,svc a", ["pods/a", "services/a"]), ("deploy/a svc/b", ["deployments/a", "services/b"]),
            ("deployments.apps a", ["deployments/a"]),
            ("all", ["pods/*", "services/*", "deployments/*", "replicasets/*"]),
            ("all,cm", ["pods/*", "services/*", "deployments/*", "replicasets/*", "configmaps/*"]),
        ])
    func understood(line: String, items: [String]) throws {
        #expect(try Self.shown(line) == items)
    }

    @Test(
        "are refused in kubectl's words where they make no sense",
        arguments: [
            ("", "you must specify the type of resource"), ("foo", "the server doesn't have a resource type \"foo\""),
            ("pods,", "resource type \"\""), ("pods/a b", "there is no need to specify a resource type"),
            ("pods/a/b", "must have a single resource and name"), ("pods/", "must have a single resource and name"),
            ("foo/a", "resource type \"foo\""),
        ])
    func refused(line: String, words: String) throws {
        let complaint = try #require(throws: Complaint.self) { try Self.shown(line) }
        #expect(complaint.message.hasPrefix("error: "))
        #expect(complaint.message.contains(words))
    }

    @Test("tell one object from a list of one, and one kind from several")
    func shape() throws {
        #expect(try ResourceArguments(["pod", "a"], verb: "get").isSingle)
        #expect(try !ResourceArguments(["pods"], verb: "get").isSingle)
        #expect(try !ResourceArguments(["pods", "a", "b"], verb: "get").isSingle)
        #expect(try ResourceArguments(["all"], verb: "get").areSeveralKinds)
        #expect(try !ResourceArguments(["po,pods"], verb: "get").areSeveralKinds)
        #expect(try !ResourceArguments(["po,svc", "a"], verb: "get").areSeveralKinds)
    }
}
