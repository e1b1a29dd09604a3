import Foundation
import LabFixture
import Testing

/// A kubectl.
struct Kubectl: Sendable, CustomTestStringConvertible {
    let program: String
    /// The minor version: 32 for 1.32.
    let minor: Int

    var testDescription: String { "kubectl 1.\(minor)" }

    /// From 1.31 on kubectl speaks WebSocket; before, SPDY only.
    var speaksWebSocket: Bool { minor >= 31 }

    /// Debian's, which is older or newer by Debian's release, and the machine's own.
    static let all: [Kubectl] = {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let programs =
            ["\(Clients.directory)/debian/usr/bin/kubectl"] + path.split(separator: ":").map { "\($0)/kubectl" }
        var found: [Kubectl] = []
        for program in programs where FileManager.default.isExecutableFile(atPath: program) {
            guard let minor = minorVersion(of: program), !found.contains(where: { $0.minor == minor }) else { continue }
            found.append(Kubectl(program: program, minor: minor))
        }
        return found
    }()

    static let withWebSocket = all.filter(\.speaksWebSocket)
    static let withSPDY = all.filter { !$0.speaksWebSocket }

    private static func minorVersion(of program: String) -> Int? {
        guard let outcome = try? run(program, "version", "--client", "-o", "json"),
            let match = outcome.output.firstMatch(of: /"minor": *"(\d+)/)
        else { return nil }
        return Int(match.1)
    }
}

/// A kubectl that works in a namespace of the tests' lab.
struct KubectlSession {
    let kubectl: Kubectl
    let lab: TestLab
    let namespace: String

    private func words(_ arguments: [String]) -> [String] {
        [kubectl.program, "--namespace", namespace] + arguments
    }

    /// Starts kubectl.
    func start(_ arguments: String..., input: String? = nil, with more: [String: String] = [:]) throws
        -> RunningCommand
    {
        try RunningCommand(
            words(arguments), environment: lab.clientEnvironment.merging(more) { $1 }, input: input)
    }

    /// Runs kubectl to its end, with a file as its standard input.
    func run(_ arguments: String..., input: String? = nil, with more: [String: String] = [:]) throws -> Outcome {
        try RunningCommand(
            words(arguments), environment: lab.clientEnvironment.merging(more) { $1 }, input: input
        ).wait()
    }

    /// Runs kubectl, which has to succeed, and gives its output without the last line break.
    @discardableResult
    func callAsFunction(
        _ arguments: String..., input: String? = nil, with more: [String: String] = [:],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> String {
        let outcome = try RunningCommand(
            words(arguments), environment: lab.clientEnvironment.merging(more) { $1 }, input: input
        ).wait()
        #expect(outcome.status == 0, "\(outcome)", sourceLocation: sourceLocation)
        return outcome.output.trimmingCharacters(in: .newlines)
    }

    /// Runs kubectl, which has to fail, and gives what it says of it.
    func refused(_ arguments: String..., input: String? = nil, sourceLocation: SourceLocation = #_sourceLocation)
        throws -> String
    {
        let outcome = try RunningCommand(words(arguments), environment: lab.clientEnvironment, input: input).wait()
        #expect(outcome.status != 0, "\(outcome)", sourceLocation: sourceLocation)
        return outcome.error.trimmingCharacters(in: .newlines)
    }

    /// Runs kubectl with a terminal of its own.
    func onTerminal(_ arguments: String...) throws -> Outcome {
        let line = words(arguments).map { "'\($0.replacingOccurrences(of: "'", with: #"'\''"#))'" }
        return try RunningCommand(
            ["script", "-qec", line.joined(separator: " "), "/dev/null"], environment: lab.clientEnvironment
        ).wait()
    }

    /// Applies manifests.
    @discardableResult
    func apply(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
        try self("apply", "-f", lab.manifest(text), sourceLocation: sourceLocation)
    }

    /// The first pod with a label.
    func pod(_ label: String) throws -> String {
        try self("get", "pods", "-l", label, "-o", "jsonpath={.items[0].metadata.name}")
    }
}

extension Kubectl {
    /// Gives a test a namespace of its own in the lab, and deletes it afterwards.
    func inNamespace(
        _ name: String, sourceLocation: SourceLocation = #_sourceLocation, _ body: (KubectlSession) throws -> Void
    ) throws {
        let session = KubectlSession(kubectl: self, lab: try TestLab.shared(), namespace: "\(name)-\(minor)")
        try session.apply(
            "{apiVersion: v1, kind: Namespace, metadata: {name: \(session.namespace)}}",
            sourceLocation: sourceLocation)
        let result = Result { try body(session) }
        try session("delete", "namespace", session.namespace, "--wait=false", sourceLocation: sourceLocation)
        try result.get()
    }
}
