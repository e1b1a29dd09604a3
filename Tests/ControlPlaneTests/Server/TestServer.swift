import Addressing
import Foundation
import Glibc
import KubernetesModel
import Logging
import NIOCore
import NIOPosix

@testable import ControlPlane

/// An API server of a test with a Unix socket and a TLS listener on loopback, both gone at the end.
struct TestServer {
    let registry: Registry
    let store: ObjectStore
    let credentials: Credentials
    let runtime: TestRuntime
    let server: APIServer
    let socketPath: String
    let port: Int
    let directory: String

    /// Runs a body against a server.
    static func run(
        limits: ServerLimits = ServerLimits(), store: ObjectStore = ObjectStore(),
        _ body: (TestServer) async throws -> Void
    ) async throws {
        let directory = "/tmp/lab-server-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let registry = Registry(store: store)
        let credentials = try Credentials(
            directory: "\(directory)/pki", names: .kubernetes(clusterDomain: "cluster.local", addresses: []),
            clusterDomain: "cluster.local")
        let runtime = TestRuntime(directory: directory)
        let server = APIServer(
            group: MultiThreadedEventLoopGroup.singleton, registry: registry, runtime: runtime,
            credentials: credentials, limits: limits, logger: Logger(label: "test")
        ) { _ throws(APIStatus) in throw .badRequest("error converting YAML to JSON: none is read in this test") }
        let path = "\(directory)/api.sock"
        try await server.serve(try ListeningSocket.unix(path), as: .unix)
        let (descriptor, port) = try ListeningSocket.loopback()
        try await server.serve(descriptor, as: .tls)
        let test = TestServer(
            registry: registry, store: store, credentials: credentials, runtime: runtime, server: server,
            socketPath: path, port: port, directory: directory)
        do {
            try await body(test)
        } catch {
            await server.close()
            throw error
        }
        await server.close()
    }

    /// Stores objects as they are.
    func put(_ objects: (ResourceType, APIObject)...) throws {
        try store.commit(objects.map { .put($0.0, $0.1) })
    }

    /// A connection to the Unix socket, closed at the end.
    func client<Result>(
        readsByItself: Bool = true, _ body: (TestClient) async throws -> Result
    ) async throws -> Result {
        let client = try await TestClient.unix(socketPath, readsByItself: readsByItself)
        defer { client.close() }
        return try await body(client)
    }

    /// One request over the Unix socket, and its answer.
    func ask(
        _ method: String = "GET", _ target: String, _ headers: [(String, String)] = [], body: String? = nil
    ) async throws -> TestAnswer {
        try await client { try await $0.ask(method, target, headers, body: body) }
    }
}

/// Listening sockets, as the runtime makes them elsewhere.
enum ListeningSocket {
    struct Failure: Error { let call: String, errno: Int32 }

    static func unix(_ path: String) throws -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard bound == 0 else { throw Failure(call: "bind", errno: errno) }
        return descriptor
    }

    static func loopback() throws -> (descriptor: Int32, port: Int) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard result else { throw Failure(call: "bind", errno: errno) }
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }
}
