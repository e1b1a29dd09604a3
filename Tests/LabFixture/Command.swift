import CLinux
import Foundation
package import Testing

/// How a command ended and what it said.
package struct Outcome: CustomStringConvertible {
    package let command: String
    /// The exit status; 128 and the signal's number for a command that a signal ended, as a shell has it.
    package let status: Int32
    package let output: String
    package let error: String

    package var description: String { "\(command): exit status \(status)\n\(output)\(error)" }
}

/// A command that runs beside the test.
package final class RunningCommand {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    package let pid: Int32
    private let command: String
    /// Standard output and standard error.
    private var descriptors: [Int32]
    private var texts: [[UInt8]] = [[], []]
    /// No command of these tests takes a tenth of this, even on a busy machine.
    private static let bound: Duration = .seconds(60)

    /// Starts a program that is found in PATH.
    package init(_ arguments: [String], environment: [String: String] = [:], input: String? = nil) throws {
        command = arguments.joined(separator: " ")
        var pipes: [[Int32]] = []
        for _ in 0..<2 {
            var pipe: [Int32] = [-1, -1]
            guard lab_pipe(&pipe) == 0 else { throw Failure(description: "pipe: errno \(errno)") }
            pipes.append(pipe)
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, input ?? "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, pipes[0][1], 1)
        posix_spawn_file_actions_adddup2(&actions, pipes[1][1], 2)
        let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }.map { "\($0)=\($1)" }
        let program = arguments.first ?? ""
        var pid = pid_t()
        let error = Self.withCStrings(arguments) { arguments in
            Self.withCStrings(variables) { posix_spawnp(&pid, program, &actions, nil, arguments, $0) }
        }
        for pipe in pipes { close(pipe[1]) }
        descriptors = pipes.map { $0[0] }
        self.pid = pid
        guard error == 0 else { throw Failure(description: "cannot start \(command): errno \(error)") }
    }

    deinit {
        for descriptor in descriptors where descriptor >= 0 { close(descriptor) }
    }

    /// What it has written to standard output as far as it was waited for.
    package var output: String { String(decoding: texts[0], as: UTF8.self) }

    /// Sends a signal.
    package func send(_ signal: Int32) { kill(pid, signal) }

    /// Waits until standard error holds a text; false where the command has closed it before.
    package func waitForError(containing text: String) throws -> Bool { try wait(for: text, in: 1) }

    /// Waits until standard output holds a text; false where the command has closed it before.
    package func waitForOutput(containing text: String) throws -> Bool { try wait(for: text, in: 0) }

    private func wait(for text: String, in place: Int) throws -> Bool {
        let end = ContinuousClock.now + Self.bound
        while !String(decoding: texts[place], as: UTF8.self).contains(text) {
            guard descriptors[place] >= 0 else { return false }
            try receive(until: end)
        }
        return true
    }

    /// Waits for the command's end.
    package func wait() throws -> Outcome {
        let end = ContinuousClock.now + Self.bound
        while descriptors.contains(where: { $0 >= 0 }) { try receive(until: end) }
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7f
        return Outcome(
            command: command, status: signal == 0 ? (status >> 8) & 0xff : 128 + signal,
            output: String(decoding: texts[0], as: UTF8.self), error: String(decoding: texts[1], as: UTF8.self))
    }

    private func receive(until end: ContinuousClock.Instant) throws {
        var polled = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        let left = (end - .now) / .milliseconds(1)
        guard left > 0, poll(&polled, 2, Int32(left)) > 0 else {
            kill(pid, SIGKILL)
            throw Failure(
                description: "\(command) did not come to its end: \(texts.map { String(decoding: $0, as: UTF8.self) })")
        }
        for (place, entry) in polled.enumerated() where entry.revents != 0 {
            var buffer = [UInt8](repeating: 0, count: 65536)
            let count = read(entry.fd, &buffer, buffer.count)
            if count > 0 {
                texts[place] += buffer[..<count]
            } else {
                close(entry.fd)
                descriptors[place] = -1
            }
        }
    }

    private static func withCStrings<Result>(
        _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let pointers = texts.map { strdup($0) }
        defer { for pointer in pointers { free(pointer) } }
        return body(pointers + [nil])
    }
}

/// Runs a program to its end.
package func run(_ arguments: String..., environment: [String: String] = [:], input: String? = nil) throws -> Outcome {
    try RunningCommand(arguments, environment: environment, input: input).wait()
}

/// Runs a program that has to succeed and gives its output.
@discardableResult
package func succeed(
    _ arguments: String..., environment: [String: String] = [:], sourceLocation: SourceLocation = #_sourceLocation
) throws -> String {
    let outcome = try RunningCommand(arguments, environment: environment).wait()
    #expect(outcome.status == 0, "\(outcome)", sourceLocation: sourceLocation)
    return outcome.output
}

/// Waits for something that the kernel does at leisure.
package func eventually(_ condition: () throws -> Bool) rethrows -> Bool {
    let end = ContinuousClock.now + .seconds(20)
    while ContinuousClock.now < end {
        if try condition() { return true }
        usleep(2_000)
    }
    return false
}
