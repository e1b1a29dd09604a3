internal import Glibc

/// A file that only its owner may read, written as a whole or not at all.
struct PrivateFile {
    let path: String

    /// The content, or nil where there is no such file.
    ///
    /// - Throws: `CredentialsError` where it cannot be read, or where it is longer than any such file is.
    func read() throws(CredentialsError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw .file(action: "open", path: path, errno: errno)
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: Self.largest + 1)
        var count = 0
        while count < bytes.count {
            let length = bytes.withUnsafeMutableBytes { buffer in
                Glibc.read(descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count)
            }
            if length < 0, errno == EINTR { continue }
            guard length >= 0 else { throw .file(action: "read", path: path, errno: errno) }
            if length == 0 { return Array(bytes[..<count]) }
            count += length
        }
        throw .file(action: "read", path: path, errno: EFBIG)
    }

    private static let largest = 64 * 1024

    /// Replaces the content; after a crash there is the old one or the new one.
    func write(_ bytes: [UInt8]) throws(CredentialsError) {
        let temporary = "\(path).new"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw .file(action: "create", path: temporary, errno: errno) }
        defer { close(descriptor) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let length = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if length < 0, errno == EINTR { continue }
            guard length > 0 else { throw .file(action: "write", path: temporary, errno: errno) }
            rest = rest.dropFirst(length)
        }
        guard fsync(descriptor) == 0 else { throw .file(action: "write", path: temporary, errno: errno) }
        guard rename(temporary, path) == 0 else { throw .file(action: "rename", path: temporary, errno: errno) }
    }
}

/// Why credentials cannot be made or read.
public enum CredentialsError: Error, Sendable, CustomStringConvertible {
    /// The kernel refused something about a file.
    case file(action: String, path: String, errno: Int32)
    /// A file does not hold what it should; deleting it has it made anew.
    case malformed(path: String, reason: String)
    /// Something cannot be signed.
    case signing(String)

    /// A sentence.
    public var description: String {
        switch self {
        case .file(let action, let path, let errno):
            "the lab's credentials: cannot \(action) \(path): \(String(cString: strerror(errno)))"
        case .malformed(let path, let reason):
            "the lab's credentials: \(path) is damaged (\(reason)); delete it to have it made anew"
        case .signing(let reason): "the lab's credentials cannot be signed: \(reason)"
        }
    }
}
