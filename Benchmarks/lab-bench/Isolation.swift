import Glibc

/// A network, a mount and a process namespace for the whole run: whatever a contender does to links or to /run, and every
/// process that it leaves, ends with the run, and the host never sees it.
enum Isolation {
    private static let mark = "LAB_BENCH_ISOLATED"

    /// Goes on inside the namespaces: starts this program anew through unshare(1).
    static func enter(realtime: Bool) throws {
        guard getenv(mark) == nil else {
            // The first process of a namespace is spared signals that it does not handle.
            for number in [SIGINT, SIGTERM, SIGHUP] { signal(number) { _exit(128 + $0) } }
            try Child.run(["mount", "-t", "tmpfs", "tmpfs", "/run"]).expectSuccess()
            return
        }
        guard geteuid() == 0 else {
            throw BenchError("the benchmarks make network namespaces and need root: sudo make bench")
        }
        setenv(mark, "1", 1)
        var words = realtime ? ["chrt", "-f", "10"] : []
        words += ["unshare", "--net", "--mount", "--propagation", "private", "--pid", "--mount-proc", "--fork"]
        words += ["--kill-child", try ownPath()]
        words += CommandLine.arguments.dropFirst()
        var arguments = words.map { strdup($0) } + [nil]
        execvp(words[0], &arguments)
        throw BenchError("cannot start \(words[0]): \(String(cString: strerror(errno)))")
    }

    /// The path of this program.
    static func ownPath() throws -> String {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = buffer.withUnsafeMutableBytes { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                $0.baseAddress.map { readlink("/proc/self/exe", $0, bytes.count) } ?? -1
            }
        }
        guard count > 0 else { throw BenchError("cannot find this program: \(String(cString: strerror(errno)))") }
        return String(decoding: buffer[..<count], as: UTF8.self)
    }
}

/// Why there is no figure.
struct BenchError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// What the figures were measured on.
enum Machine {
    static var description: String {
        var name = utsname()
        uname(&name)
        let release = withUnsafeBytes(of: name.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        return "Linux \(release), \(sysconf(Int32(_SC_NPROCESSORS_ONLN))) processors"
    }
}
