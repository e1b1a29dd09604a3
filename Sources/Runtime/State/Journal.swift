internal import CLinux
internal import Glibc

/// What a lab has created outside its state directory, written down before the kernel is asked.
///
/// A lab's links, addresses, routes and rules live in its network namespaces and end with them, so that the names of
/// the namespaces are all that has to be known to remove it. A line an entry:
///
///     namespace two-node.node1
struct Journal: Sendable {
    enum Entry: Hashable, Sendable {
        /// A name below the namespace directory.
        case namespace(String)

        var line: String {
            switch self {
            case .namespace(let name): "namespace \(name)\n"
            }
        }

        /// The name below the namespace directory.
        var name: String {
            switch self {
            case .namespace(let name): name
            }
        }

        init?(line: Substring) {
            let words = line.split(separator: " ", maxSplits: 1)
            guard words.count == 2 else { return nil }
            switch words[0] {
            case "namespace": self = .namespace(String(words[1]))
            default: return nil
            }
        }
    }

    let path: String

    /// Every entry, the oldest first. A last line without its end was being written when the writer was killed: what it
    /// was to announce has not been done.
    func entries() throws(StateError) -> [Entry] {
        guard let bytes = try StateFile.read(path) else { return [] }
        var lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        lines.removeLast()
        return lines.compactMap { Entry(line: $0) }
    }

    /// Adds entries with one write. A line without its end, left by a writer that was killed, is cut off first; where
    /// the disk is full, the journal stays as it was.
    func append(_ entries: [Entry]) throws(StateError) {
        guard !entries.isEmpty else { return }
        let contents = try StateFile.read(path) ?? []
        let whole = contents.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        _ = lab_kernel_request()
        let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw StateError("open", path, errno: errno) }
        defer { close(file) }
        if whole < contents.count { try cut(file, to: whole) }
        _ = lab_kernel_request()
        do {
            try StateFile.append(entries.flatMap { Array($0.line.utf8) }, to: file, path: path)
        } catch {
            try cut(file, to: whole)
            throw error
        }
    }

    private func cut(_ file: Int32, to size: Int) throws(StateError) {
        guard ftruncate(file, off_t(size)) == 0 else { throw StateError("shorten", path, errno: errno) }
    }

    /// Forgets everything but the given entries.
    func replace(with entries: [Entry]) throws(StateError) {
        try StateFile.replace(path, with: entries.flatMap { Array($0.line.utf8) })
    }
}
