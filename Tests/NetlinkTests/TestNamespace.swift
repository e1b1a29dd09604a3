import Foundation
import NetworkNamespaces
import Testing

@testable import Netlink

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

/// A namespace of its own for a test, with nothing but a loopback in it.
struct TestNamespace: Sendable {
    let namespace: OpenNamespace

    init() async throws {
        namespace = try await NamespaceMaker.shared.get().make()
    }

    /// Runs `body` on the namespace thread, inside the namespace.
    func inside<Value: Sendable>(_ body: @Sendable () throws -> Value) async throws -> Value {
        try await NamespaceMaker.shared.get().inside(namespace, body)
    }

    /// Carries out requests in the namespace.
    func perform(_ requests: NetlinkRequest...) async throws {
        try await inside { try RouteHandle().perform(requests) }
    }

    /// Asks the kernel through a handle of its own.
    func ask<Answer: Sendable>(_ question: @Sendable (RouteHandle) throws -> Answer) async throws -> Answer {
        try await inside { try question(RouteHandle()) }
    }

    /// The error of requests that are to be refused.
    func refusal(_ requests: NetlinkRequest...) async throws -> NetlinkError? {
        try await inside { () -> NetlinkError? in
            do throws(NetlinkError) {
                try RouteHandle().perform(requests)
                return nil
            } catch {
                return error
            }
        }
    }

    /// The index of an interface.
    func index(_ name: String) async throws -> Int32 {
        try #require(try await ask { try $0.links() }.first { $0.name == name }, "\(name)").index
    }

    /// Runs a program inside the namespace and gives its standard output; status and messages of a failure are thrown.
    @discardableResult
    func run(_ command: String...) throws -> Data {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/nsenter")
        process.arguments = ["--net=/proc/\(getpid())/fd/\(namespace.descriptor)"] + command
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        let messages = String(decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(command.joined(separator: " ")): \(messages)")
        return data
    }

    /// The objects that a program prints as JSON.
    private func objects(_ data: Data) throws -> [Shown] {
        guard !data.allSatisfy({ $0 == UInt8(ascii: "\n") }) else { return [] }
        return try #require(try JSONSerialization.jsonObject(with: data) as? [[String: Any]]).filter { !$0.isEmpty }
            .map(Shown.init)
    }

    /// `ip -j -d …`
    func ip(_ words: String) throws -> [Shown] {
        try objects(run("sh", "-c", "exec ip -j -d \(words)"))
    }

    /// `bridge -j -d …`
    func bridge(_ words: String) throws -> [Shown] {
        try objects(run("sh", "-c", "exec bridge -j -d \(words)"))
    }
}

/// An object that ip(8) shows, read by the path of a member: `linkinfo.info_data.id`.
struct Shown: CustomStringConvertible {
    let members: [String: Any]

    init(_ members: [String: Any]) {
        self.members = members
    }

    /// The member as text, or nil where there is none.
    subscript(_ path: String) -> String? {
        var value: Any? = members
        for name in path.split(separator: ".") { value = (value as? [String: Any])?[String(name)] }
        return switch value {
        case nil: nil
        case let text as String: text
        case let number as NSNumber: number.stringValue
        case let texts as [String]: texts.joined(separator: " ")
        case let some?: "\(some)"
        }
    }

    /// The objects in a member that is a list.
    func list(_ name: String) -> [Shown] {
        (members[name] as? [[String: Any]] ?? []).map(Shown.init)
    }

    var description: String { "\(members)" }
}
