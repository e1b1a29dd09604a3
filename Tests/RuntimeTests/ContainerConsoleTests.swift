import CLinux
import ControlPlane
import Glibc
import Testing
import Topology

@testable import Runtime

/// The streams of containers that clients can talk to, with programs of this host in its own namespaces.
@Suite("consoles of containers", .timeLimit(.minutes(2)))
struct ContainerConsoleTests {
    private final class Program {
        let process: StartedProcess
        let console: ContainerConsole
        let directory: String

        var log: String { "\(directory)/log" }

        init(_ command: [String], input: Bool = true, once: Bool = false, terminal: Bool = false) throws {
            var template = Array("/tmp/lab-console-XXXXXX".utf8CString)
            directory = String(cString: try #require(mkdtemp(&template)))
            let spec = ContainerSpec(
                name: "c", image: "x", hasInput: input, inputOnce: once, hasTerminal: terminal)
            let request = ProcessRequest(
                arguments: command, environment: ["PATH=/usr/bin:/bin"], networkNamespace: nil,
                namespaceDirectory: "/nonexistent")
            (process, console) = try ContainerConsole.start(
                request, of: spec, log: "\(directory)/log", pump: OutputPump())
        }

        deinit {
            kill(-process.pid, SIGKILL)
            close(process.pidfd)
            console.finish()
            unlink(log)
            rmdir(directory)
        }

        func join(input: Bool = true) throws -> Client {
            Client(try #require(try console.join(hasInput: input)))
        }

        /// Waits for the program's end as the watcher does.
        func wait() {
            var information = siginfo_t()
            _ = waitid(P_PIDFD, id_t(process.pidfd), &information, WEXITED)
            console.finish()
        }
    }

    private final class Client {
        let attachment: ContainerAttachment
        private var input: Int32?
        private var place: Int64

        init(_ attachment: ContainerAttachment) {
            self.attachment = attachment
            input = attachment.input
            place = attachment.start
        }

        deinit {
            leave()
            close(attachment.log)
        }

        func leave() {
            if let input { close(input) }
            input = nil
        }

        func send(_ text: String) throws {
            let count = Array(text.utf8).withUnsafeBytes { write(input ?? -1, $0.baseAddress, $0.count) }
            try #require(count == text.utf8.count)
        }

        /// What comes until a text has come, or nothing will any more.
        func read(until text: String? = nil) async -> (output: String, error: String) {
            var texts: [[UInt8]] = [[], []]
            func take() {
                while true {
                    let (isError, end) = attachment.origin(place)
                    var bytes = [UInt8](repeating: 0, count: Int(min(end - place, 65536)))
                    let count = pread(attachment.log, &bytes, bytes.count, Int(place))
                    guard count > 0 else { return }
                    texts[isError ? 1 : 0] += bytes[..<count]
                    place += Int64(count)
                }
            }
            func hasCome() -> Bool { text.map { String(decoding: texts[0], as: UTF8.self).contains($0) } ?? false }
            take()
            if !hasCome() {
                for await _ in attachment.growth {
                    take()
                    if hasCome() { break }
                }
            }
            if !hasCome() { take() }
            return (String(decoding: texts[0], as: UTF8.self), String(decoding: texts[1], as: UTF8.self))
        }
    }

    @Test("what a client writes, the program reads; standard error is told apart")
    func talk() async throws {
        let program = try Program(["sh", "-c", "read line; echo \"out $line\"; echo \"err $line\" >&2"])
        let client = try program.join()
        try client.send("hello\n")
        program.wait()
        let (output, error) = await client.read()
        #expect(output == "out hello\n" && error == "err hello\n")
    }

    @Test("with stdinOnce the input ends with the first client that has it, and later ones have none")
    func once() async throws {
        let program = try Program(["cat"], once: true)
        let watching = try program.join(input: false)
        let first = try program.join()
        let second = try program.join()
        #expect(first.attachment.input != nil && second.attachment.input == nil)
        try first.send("text")
        first.leave()
        program.wait()
        #expect(await watching.read().output == "text")
    }

    @Test("without stdinOnce the input goes on when a client leaves")
    func again() async throws {
        let program = try Program(["cat"])
        for text in ["one", "two"] {
            let client = try program.join()
            try client.send(text)
            #expect(await client.read(until: text).output.hasSuffix(text))
        }
    }

    @Test("the first client sees what was written before it came, others do not")
    func history() async throws {
        let program = try Program(["sh", "-c", "echo before; read line; echo after; read line"])
        let first = try program.join()
        _ = await first.read(until: "before\n")
        let second = try program.join()
        try second.send("x\n")
        #expect(await second.read(until: "after\n").output == "after\n")
        #expect(await first.read(until: "after\n").output == "after\n")
    }

    @Test("a terminal has a size, echoes, and takes Ctrl-D for the end")
    func terminal() async throws {
        let program = try Program(["sh", "-c", "read line; stty size; cat; echo $TERM"], terminal: true)
        let client = try program.join()
        client.attachment.resize(97, 31)
        try client.send("go\n")
        _ = await client.read(until: "31 97\r\n")
        client.leave()
        let other = try program.join()
        try other.send("\u{4}")
        program.wait()
        #expect(await other.read().output.contains("xterm\r\n"))
    }

    @Test("a client that reads nothing holds up neither the program nor others, and all is in the log")
    func idleClient() async throws {
        let program = try Program(["sh", "-c", "seq 1 400000; echo done >&2"])
        let idle = try program.join()
        let busy = try program.join()
        program.wait()
        _ = await busy.read()
        let (output, error) = await idle.read()
        #expect(output.hasSuffix("\n399999\n400000\n") && output.hasPrefix("1\n2\n") && error == "done\n")
        var status = stat()
        stat(program.log, &status)
        #expect(Int(status.st_size) == output.utf8.count + error.utf8.count)
    }

    @Test("the end comes although a child lives on with the output")
    func lingeringChild() async throws {
        let program = try Program(["sh", "-c", "echo last; sleep 1000 & exit 0"])
        let client = try program.join()
        program.wait()
        #expect(await client.read().output == "last\n")
        #expect(try program.console.join(hasInput: true) == nil)
    }
}
