import Glibc

/// A standard stream.
struct FileHandleStream: TextOutputStream {
    let descriptor: Int32

    static let standardOutput = FileHandleStream(descriptor: 1)
    static let standardError = FileHandleStream(descriptor: 2)

    /// Writes everything; a reader that has gone (`lab list | head -1`) is no failure of ours.
    func write(_ text: String) { write(Array(text.utf8)) }

    /// Writes bytes as they are.
    func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                return
            }
            rest = rest.dropFirst(count)
        }
    }

    /// Whether a person is looking.
    var isTerminal: Bool { isatty(descriptor) == 1 }

    /// Whether colours are welcome (https://no-color.org).
    var wantsColor: Bool { isTerminal && getenv("NO_COLOR") == nil }
}
