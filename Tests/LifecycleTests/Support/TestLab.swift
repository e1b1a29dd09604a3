import Foundation
import Testing

/// A lab of one test: directories and a name of its own, and the `lab` program that was built beside the tests.
struct TestLab {
    /// A short path: a Unix socket's is at most 107 bytes long.
    let directory: String
    let name: String

    var stateRoot: String { "\(directory)/state" }
    var namespaceRoot: String { "\(directory)/netns" }
    var stateDirectory: String { "\(stateRoot)/\(name)" }
    var environment: [String: String] { ["LAB_STATE_ROOT": stateRoot, "LAB_NETNS_ROOT": namespaceRoot] }

    /// The program, in the directory of the test executable.
    static let program: String = {
        let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return tests.prefix(upTo: tests.lastIndex(of: "/") ?? tests.endIndex) + "/lab"
    }()

    /// Runs `lab` with arguments.
    func lab(_ arguments: String..., with more: [String: String] = [:], input: String? = nil) throws -> Outcome {
        try start(arguments, with: more, input: input).wait()
    }

    /// Starts `lab` with arguments.
    func start(_ arguments: [String], with more: [String: String] = [:], input: String? = nil) throws -> RunningCommand
    {
        try RunningCommand([Self.program] + arguments, environment: environment.merging(more) { $1 }, input: input)
    }

    /// Runs `lab` with arguments, which has to succeed.
    @discardableResult
    func succeed(_ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
        let outcome = try start(arguments).wait()
        #expect(outcome.status == 0, "\(outcome)", sourceLocation: sourceLocation)
        return outcome.output
    }

    /// Writes a lab file that begins with the lab's name.
    func file(_ text: String, _ fileName: String = "lab.toml") throws -> String {
        let path = "\(directory)/\(fileName)"
        try "name = \"\(name)\"\n\(text)".write(toFile: path, atomically: false, encoding: .utf8)
        return path
    }

    /// The path of a namespace of the lab: `default.a`, `node1`, `underlay`.
    func namespace(_ part: String) -> String { "\(namespaceRoot)/\(name).\(part)" }

    /// Runs a program in a namespace of the lab without `lab`.
    func inside(_ part: String, _ arguments: String...) throws -> Outcome {
        try RunningCommand(["nsenter", "--net=\(namespace(part))"] + arguments).wait()
    }

    /// The lab's namespaces, without its name.
    func namespaces() -> Set<String> {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: namespaceRoot)) ?? []
        return Set(names.map { $0.hasPrefix("\(name).") ? String($0.dropFirst(name.count + 1)) : $0 })
    }

    /// The supervisors, by their numbers.
    func supervisors() -> [pid_t] {
        HostProcesses.all().filter {
            $0.arguments.dropFirst().first == "supervise" && $0.environment.contains("LAB_STATE_ROOT=\(stateRoot)")
        }.map(\.pid)
    }

    /// The containers' processes, by their numbers.
    func containers() -> [pid_t] {
        HostProcesses.all().filter { $0.environment.contains("LAB_CONTAINER=\(name)") }.map(\.pid)
    }

    /// Ends the supervisor as a crash would, and waits for its end.
    func killSupervisors() {
        for supervisor in supervisors() {
            kill(supervisor, SIGKILL)
            #expect(eventually { !HostProcesses.isAlive(supervisor) })
        }
    }

    /// What is left of the lab: files, mounts, processes.
    func remains() throws -> [String] {
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
}

/// Gives a test a lab of its own and removes all of it afterwards, however the test goes.
func withTestLab(sourceLocation: SourceLocation = #_sourceLocation, _ body: (TestLab) throws -> Void) throws {
    var template = Array("/tmp/lab-XXXXXX".utf8CString)
    let path = try #require(mkdtemp(&template).map { String(cString: $0) })
    let digits = path.suffix(6).utf8.map { String($0, radix: 16) }.joined()
    let lab = TestLab(directory: path, name: "t\(digits)")
    defer { try? FileManager.default.removeItem(atPath: path) }
    let result = Result { try body(lab) }
    let down = try lab.lab("down", "--all")
    #expect(down.status == 0, "\(down)", sourceLocation: sourceLocation)
    let remains = try lab.remains()
    #expect(remains.isEmpty, "left behind: \(remains)", sourceLocation: sourceLocation)
    try result.get()
}
