import Foundation
package import Testing

/// A lab of one test: directories and a name of its own, and the `lab` program that was built beside the tests.
package struct TestLab: Sendable {
    /// A short path: a Unix socket's is at most 107 bytes long.
    package let directory: String
    package let name: String

    package var stateRoot: String { "\(directory)/state" }
    package var namespaceRoot: String { "\(directory)/netns" }
    package var stateDirectory: String { "\(stateRoot)/\(name)" }
    package var environment: [String: String] { ["LAB_STATE_ROOT": stateRoot, "LAB_NETNS_ROOT": namespaceRoot] }

    /// The program, in the directory of the test executable.
    package static let program: String = {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return tests.prefix(upTo: tests.lastIndex(of: "/") ?? tests.endIndex) + "/lab"
    }()

    /// Runs `lab` with arguments.
    package func lab(_ arguments: String..., with more: [String: String] = [:], input: String? = nil) throws -> Outcome
    {
        try start(arguments, with: more, input: input).wait()
    }

    /// Starts `lab` with arguments.
    package func start(_ arguments: [String], with more: [String: String] = [:], input: String? = nil) throws
        -> RunningCommand
    {
        try RunningCommand([Self.program] + arguments, environment: environment.merging(more) { $1 }, input: input)
    }

    /// Runs `lab` with arguments, which has to succeed.
    @discardableResult
    package func succeed(_ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
        let outcome = try start(arguments).wait()
        #expect(outcome.status == 0, "\(outcome)", sourceLocation: sourceLocation)
        return outcome.output
    }

    /// Writes a lab file that begins with the lab's name. Labs whose text does not speak of DNS have none: what a lab
    /// consists of is what its text says.
    package func file(_ text: String, _ fileName: String = "lab.toml") throws -> String {
        let path = "\(directory)/\(fileName)"
        try "name = \"\(name)\"\n\(text.contains("dns") ? text : Self.withoutDNS(text))".write(
            toFile: path, atomically: false, encoding: .utf8)
        return path
    }

    private static func withoutDNS(_ text: String) -> String {
        let (header, line) = ("[components]\n", "dns = \"none\"\n")
        guard let place = text.range(of: header) else { return text + "\n" + header + line }
        return text.replacingCharacters(in: place, with: header + line)
    }

    /// Writes a manifest or another file into the lab's directory.
    package func write(_ text: String, _ fileName: String) throws -> String {
        let path = "\(directory)/\(fileName)"
        try text.write(toFile: path, atomically: false, encoding: .utf8)
        return path
    }

    /// The path of a namespace of the lab: `default.a`, `node1`, `underlay`.
    package func namespace(_ part: String) -> String { "\(namespaceRoot)/\(name).\(part)" }

    /// Runs a program in a namespace of the lab without `lab`.
    package func inside(_ part: String, _ arguments: String...) throws -> Outcome {
        try RunningCommand(["nsenter", "--net=\(namespace(part))"] + arguments).wait()
    }

    /// The lab's namespaces, without its name.
    package func namespaces() -> Set<String> {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: namespaceRoot)) ?? []
        return Set(names.map { $0.hasPrefix("\(name).") ? String($0.dropFirst(name.count + 1)) : $0 })
    }

    /// The supervisors, by their numbers.
    package func supervisors() -> [Int32] {
        HostProcesses.all().filter {
            $0.arguments.dropFirst().first == "supervise" && $0.environment.contains("LAB_STATE_ROOT=\(stateRoot)")
        }.map(\.pid)
    }

    /// The containers' processes, by their numbers.
    package func containers() -> [Int32] {
        HostProcesses.all().filter { $0.environment.contains("LAB_CONTAINER=\(name)") }.map(\.pid)
    }

    /// Ends the supervisor as a crash would, and waits for its end.
    package func killSupervisors() {
        for supervisor in supervisors() {
            kill(supervisor, SIGKILL)
            #expect(eventually { !HostProcesses.isAlive(supervisor) })
        }
    }

    /// What is left of the lab: files, mounts, processes.
    package func remains() throws -> [String] {
        var remains: [String] = []
        for path in [stateRoot, namespaceRoot] where FileManager.default.fileExists(atPath: path) {
            let names = (try? FileManager.default.subpathsOfDirectory(atPath: path)) ?? []
            remains.append("\(path): \(names.joined(separator: " "))")
        }
        let mounts = try String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)
        remains += mounts.split(separator: "\n").filter { $0.contains(" \(directory)/") }.map { "mount \($0)" }
        remains += HostProcesses.all().filter {
            $0.environment.contains("LAB_STATE_ROOT=\(stateRoot)") || $0.environment.contains("LAB_CONTAINER=\(name)")
        }.map { "process \($0.pid): \($0.arguments)" }
        return remains
    }

    /// A lab in a new directory.
    package init() throws {
        var template = Array("/tmp/lab-XXXXXX".utf8CString)
        directory = try #require(mkdtemp(&template).map { String(cString: $0) })
        name = "t" + directory.suffix(6).utf8.map { String($0, radix: 16) }.joined()
    }

    /// Takes the lab down and removes all of it; what is left behind is an issue.
    package func remove(sourceLocation: SourceLocation = #_sourceLocation) throws {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let down = try lab("down", "--all")
        #expect(down.status == 0, "\(down)", sourceLocation: sourceLocation)
        let remains = try remains()
        #expect(remains.isEmpty, "left behind: \(remains)", sourceLocation: sourceLocation)
    }
}

/// Gives a test a lab of its own and removes all of it afterwards, however the test goes.
package func withTestLab(
    sourceLocation: SourceLocation = #_sourceLocation, _ body: (TestLab) throws -> Void
) throws {
    let lab = try TestLab()
    let result = Result { try body(lab) }
    try lab.remove(sourceLocation: sourceLocation)
    try result.get()
}
