import Foundation
import NetworkNamespaces
import Testing

/// Makes namespaces without names, which end with their last descriptor, whatever becomes of the test.
actor NamespaceMaker {
    static let shared = Result { try NamespaceMaker(NamespaceThread.start()) }

    private let thread: NamespaceThread

    private init(_ thread: NamespaceThread) {
        self.thread = thread
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    func make() throws -> OpenNamespace {
        try thread.insideNew { try OpenNamespace(path: "/proc/thread-self/ns/net") }
    }

    func inside<Value: Sendable>(_ namespace: OpenNamespace, _ body: @Sendable () throws -> Value) throws -> Value {
        try thread.inside(namespace, body)
    }
}

/// A namespace of its own for a test, with nothing in it.
struct TestNamespace: Sendable {
    let namespace: OpenNamespace

    init() async throws {
        namespace = try await NamespaceMaker.shared.get().make()
    }

    /// Runs `body` on the namespace thread, inside the namespace.
    func inside<Value: Sendable>(_ body: @Sendable () throws -> Value) async throws -> Value {
        try await NamespaceMaker.shared.get().inside(namespace, body)
    }

    /// What `nft list ruleset` prints inside the namespace.
    func listRuleset() throws -> String {
        let output = FileManager.default.temporaryDirectory.appending(path: "policy-engine-tests-\(UUID().uuidString)")
        try Data().write(to: output)
        defer { try? FileManager.default.removeItem(at: output) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        let path = "/proc/\(getpid())/fd/\(namespace.descriptor)"
        process.arguments = ["nsenter", "--net=\(path)", "nft", "list", "ruleset"]
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = process.standardOutput
        try process.run()
        process.waitUntilExit()
        let text = String(decoding: try Data(contentsOf: output), as: UTF8.self)
        try #require(process.terminationStatus == 0, "nft list ruleset: \(text.suffix(2_000))")
        return text
    }
}
