import Foundation
import LabFixture
import Testing

/// The tests that drive one lab, which is up for all of them, with clients that know nothing of it but its kubeconfig.
@Suite("Real clients", .clientLab, .serialized)
enum Clients {
    /// Where `make client-programs` has put the clients.
    static let directory: String = {
        let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        return sources.appendingPathComponent("../../../.build/clients").standardized.path
    }()

    /// The lab of the tests: the documents' two nodes with a server on each.
    static let labFile = """
        [[node]]
        name = "node1"
        address = ["192.168.1.10"]
        pod-cidr = ["10.244.1.0/24"]

        [[node]]
        name = "node2"
        address = ["192.168.1.11"]
        pod-cidr = ["10.244.2.0/24"]

        [[pod]]
        name = "pod-a"
        node = "node1"
        address = ["10.244.1.5"]
        labels = { app = "frontend" }

        [[pod]]
        name = "pod-b"
        node = "node2"
        address = ["10.244.2.3"]
        labels = { app = "backend" }

        """
}

/// Brings the lab up before the first test and takes it down after the last.
struct ClientLab: SuiteTrait, TestScoping {
    @TaskLocal static var current: TestLab?

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        let lab = try TestLab()
        do {
            try lab.succeed("up", lab.file(Clients.labFile))
            try await Self.$current.withValue(lab) { try await function() }
        } catch {
            try lab.remove()
            throw error
        }
        try lab.remove()
    }
}

extension Trait where Self == ClientLab {
    static var clientLab: ClientLab { ClientLab() }
}

extension TestLab {
    /// What clients find the lab with, and a home of their own.
    var clientEnvironment: [String: String] {
        ["KUBECONFIG": "\(stateDirectory)/kubeconfig", "HOME": directory, "TERM": "dumb"]
    }

    /// Writes a file beside the lab's directories.
    func manifest(_ text: String, _ name: String = "manifest.yaml") throws -> String {
        let path = "\(directory)/\(name)"
        // kubectl takes what begins with a brace for JSON.
        let text = text.hasPrefix("{") ? "---\n\(text)" : text
        try text.write(toFile: path, atomically: false, encoding: .utf8)
        return path
    }

    /// The clients' lab of this test.
    static func shared() throws -> TestLab { try #require(ClientLab.current) }
}
