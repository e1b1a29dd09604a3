import Foundation
import NetworkNamespaces
import Nftables
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

    /// Commits tables through a handle of its own.
    func replace(_ tables: [Table]) async throws {
        try await inside { try NftablesHandle().replace(tables) }
    }

    /// Runs nft(8) inside the namespace and gives its standard output; what fails the program throws its messages.
    @discardableResult
    func nft(_ arguments: [String], input: String = "") throws -> Data {
        let path = "/proc/\(getpid())/fd/\(namespace.descriptor)"
        return try run(["nsenter", "--net=\(path)", "nft"] + arguments, input: input)
    }

    /// Applies a file.
    func apply(_ text: String) throws {
        try nft(["-f", "-"], input: text)
    }

    /// The namespace's ruleset as nft prints it in JSON, with handles left out and elements in a settled order.
    func ruleset() throws -> JSON {
        try JSON(nft(["-j", "list", "ruleset"])).normalized
    }
}

struct CommandFailure: Error, CustomStringConvertible {
    let command: [String]
    let status: Int32
    let messages: String

    var description: String { "\(command.joined(separator: " ")): status \(status)\n\(messages)" }
}

/// Runs a program of the host with its streams in files, so that neither side waits for the other.
func run(_ command: [String], input: String) throws -> Data {
    let directory = FileManager.default.temporaryDirectory.appending(path: "nftables-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let (inputURL, outputURL, errorURL) = (
        directory.appending(path: "in"), directory.appending(path: "out"), directory.appending(path: "err")
    )
    try Data(input.utf8).write(to: inputURL)
    try Data().write(to: outputURL)
    try Data().write(to: errorURL)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = command
    process.standardInput = try FileHandle(forReadingFrom: inputURL)
    process.standardOutput = try FileHandle(forWritingTo: outputURL)
    process.standardError = try FileHandle(forWritingTo: errorURL)
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
        let messages = try String(decoding: Data(contentsOf: errorURL), as: UTF8.self)
        throw CommandFailure(command: command, status: process.terminationStatus, messages: messages)
    }
    return try Data(contentsOf: outputURL)
}
