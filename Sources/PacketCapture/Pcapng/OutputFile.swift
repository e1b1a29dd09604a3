import CLinux
import Glibc

/// A file that is being written, in large pieces.
struct OutputFile: ~Copyable {
    private let path: String
    private var fileDescriptor: Int32
    private var pending: [UInt8] = []

    private static let pieceSize = 1 << 20

    init(_ path: String) throws(PcapngError) {
        self.path = path
        fileDescriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard fileDescriptor >= 0 else {
            throw .file(path: path, action: "open", reason: String(cString: strerror(errno)))
        }
    }

    deinit {
        if fileDescriptor >= 0 { close(fileDescriptor) }
    }

    mutating func write(_ bytes: [UInt8]) throws(PcapngError) {
        pending += bytes
        if pending.count >= Self.pieceSize { try flush() }
    }

    /// Writes what is left and closes the file.
    mutating func finish() throws(PcapngError) {
        try flush()
        let status = close(fileDescriptor)
        fileDescriptor = -1
        guard status == 0 else { throw .file(path: path, action: "close", reason: String(cString: strerror(errno))) }
    }

    private mutating func flush() throws(PcapngError) {
        var written = 0
        while written < pending.count {
            let count = pending.withUnsafeBytes { bytes in
                Glibc.write(fileDescriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                throw .file(path: path, action: "write", reason: String(cString: strerror(errno)))
            }
            written += count
        }
        pending.removeAll(keepingCapacity: true)
    }
}
