import CLinux
import Components
import FoundationEssentials
import Logging
import NIOPosix
import NetworkNamespaces
import Testing
import Topology

@testable import Conformance
@testable import Runtime

/// A lab that this process supervises itself, in directories of its own.
final class InProcessLab: ConformanceLab {
    let directories: LabDirectories
    let name: String
    private let supervisor: Supervisor
    private let workloads: Workloads
    private let thread: NamespaceThread

    init(name: String, root: String) throws {
        self.name = name
        directories = LabDirectories(stateRoot: "\(root)/state", namespaceRoot: "\(root)/netns")
        try FileManager.default.createDirectory(atPath: "\(root)/netns", withIntermediateDirectories: true)
        let directory = directories.lab(name)
        try directory.create()
        thread = try NamespaceThread.start()
        let builder = Builder(thread: thread, directories: directories)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let server = BuiltinServer(group: MultiThreadedEventLoopGroup.singleton, logger: logger)
        let watcher = try ProcessWatcher()
        workloads = Workloads(
            directory: directory, directories: directories, builder: builder, server: server, watcher: watcher,
            logger: logger)
        supervisor = Supervisor(
            Cluster.Surroundings(
                directory: directory, directories: directories, builder: builder, workloads: workloads,
                group: MultiThreadedEventLoopGroup.singleton, watcher: watcher, logger: logger), stop: {})
    }

    func spec() async throws -> LabSpec {
        let data = FileManager.default.contents(atPath: directories.lab(name).appliedSpec) ?? Data()
        return try JSONDecoder().decode(LabSpec.self, from: data)
    }

    func apply(_ spec: LabSpec) async throws {
        if case .failed(let failure) = await supervisor.up(spec, cancellation: Cancellation(), report: { _ in }) {
            throw failure
        }
    }

    func containers() async throws -> [ContainerStatus] { await supervisor.statuses() }

    func restart(_ component: LabComponent) async throws {
        throw ConformanceError(
            "\(component.rawValue) runs in the tests' own process", remedy: "test it with a supervisor of its own")
    }

    /// Removes everything.
    func remove() async throws {
        await supervisor.close()
        _ = try Teardown(directory: directories.lab(name), directories: directories).run()
        thread.stop()
    }
}

/// Brings in-process labs up below one directory.
struct InProcessFactory: LabFactory {
    let root: String

    func bringUp(_ spec: LabSpec) async throws -> InProcessLab {
        let lab = try InProcessLab(name: spec.name, root: root)
        do {
            try await lab.apply(spec)
        } catch {
            try? await lab.remove()
            throw error
        }
        return lab
    }

    func takeDown(_ lab: InProcessLab) async throws { try await lab.remove() }
}

/// Runs a body with a fresh lab and a directory for files, and removes both.
func withLab(
    _ change: (inout LabSpec) -> Void = { _ in },
    _ body: (InProcessLab, ConformanceSuite, String) async throws -> Void
) async throws {
    let suite = try ConformanceSuite.load(directory: SuiteTests.directory)
    var spec = try suite.mutantLab()
    spec.name = "conf-\(ProcessInfo.processInfo.processIdentifier)"
    change(&spec)
    let root = TemporaryPath.make()
    let factory = InProcessFactory(root: root)
    let lab = try await factory.bringUp(spec)
    do {
        try await body(lab, suite, root)
    } catch {
        try await factory.takeDown(lab)
        throw error
    }
    try await factory.takeDown(lab)
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(root)/netns").isEmpty)
    try FileManager.default.removeItem(atPath: root)
}
