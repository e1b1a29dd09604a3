import Foundation

/// The processes of the host as /proc shows them.
package struct HostProcesses {
    package struct Entry {
        package let pid: Int32
        package let arguments: [String]
        package let environment: Set<String>
    }

    /// Every process that has a program; those that have ended and were not waited for have none.
    package static func all() -> [Entry] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.map { pid in
            Entry(pid: pid, arguments: texts("/proc/\(pid)/cmdline"), environment: Set(texts("/proc/\(pid)/environ")))
        }
    }

    /// Whether a process lives; one that has ended and was not waited for does not.
    package static func isAlive(_ pid: Int32) -> Bool {
        guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return false }
        return text[end...].split(separator: " ").dropFirst().first != "Z"
    }

    private static func texts(_ path: String) -> [String] {
        guard let file = FileHandle(forReadingAtPath: path) else { return [] }
        defer { try? file.close() }
        let data = (try? file.readToEnd()) ?? nil
        return (data ?? Data()).split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    }
}
