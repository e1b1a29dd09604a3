import Glibc

/// A file's text, as it was read.
public struct SourceFile: Sendable {
    /// The path as the user named it.
    public var path: String
    /// The file's text.
    public var text: String
    /// What tells two names of one file from two files: the real path.
    public var identity: String

    /// The greatest length of a lab file or manifest: 16 MiB.
    public static let maximumLength = 16 << 20

    /// Makes a file of text at hand. Without an identity, two paths are one file when they are equal but for `.` and
    /// empty parts.
    public init(path: String, text: String, identity: String? = nil) {
        self.path = path
        self.text = text
        self.identity = identity ?? Self.simplified(path)
    }

    private static func simplified(_ path: String) -> String {
        (path.hasPrefix("/") ? "/" : "") + path.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
    }

    /// Reads a regular file of at most 16 MiB of UTF-8.
    /// - Throws: `SourceFileError` where it is missing, no regular file, too long or not text.
    public static func read(_ path: String) throws(SourceFileError) -> SourceFile {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw SourceFileError("the path is empty or has a NUL character", remedy: "name a file")
        }
        // O_NONBLOCK: opening a FIFO must not wait for a writer.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { throw SourceFileError(opening: errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw SourceFileError(opening: errno) }
        guard status.st_mode & S_IFMT != S_IFDIR else {
            throw SourceFileError("is a directory", remedy: "name a file inside it")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw SourceFileError("is not a regular file", remedy: "name a regular file")
        }
        guard status.st_size <= maximumLength else { throw .tooLong(Int(status.st_size)) }
        let text = try text(of: bytes(from: descriptor))
        guard let real = realpath(path, nil) else { throw SourceFileError(opening: errno) }
        defer { free(real) }
        return SourceFile(path: path, text: text, identity: String(cString: real))
    }

    private static func bytes(from descriptor: Int32) throws(SourceFileError) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw SourceFileError(opening: errno) }
            guard count > 0 else { return bytes }
            bytes += chunk[..<count]
            guard bytes.count <= maximumLength else { throw .tooLong(bytes.count) }
        }
    }

    private static func text(of bytes: [UInt8]) throws(SourceFileError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw SourceFileError("is not text: it is not valid UTF-8", remedy: "save it as UTF-8 text")
        }
        return text
    }
}

/// Why a file could not be read.
public struct SourceFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong with the file.
    public var message: String
    /// What the user can do.
    public var remedy: String

    /// Describes a problem of a file.
    public init(_ message: String, remedy: String) {
        self.message = message
        self.remedy = remedy
    }

    static func tooLong(_ length: Int) -> SourceFileError {
        SourceFileError(
            "is \(length) bytes long; at most \(SourceFile.maximumLength) (16 MiB) are read",
            remedy: "split it, or check that it is the file you mean")
    }

    init(opening code: Int32) {
        switch code {
        case ENOENT: self.init("there is no such file", remedy: "check the path")
        case ENOTDIR: self.init("a part of its path is not a directory", remedy: "check the path")
        case EACCES, EPERM:
            self.init("may not be read", remedy: "check the permissions of the file and its directories")
        case ELOOP: self.init("its symbolic links lead in a circle", remedy: "name the file itself, or mend the links")
        case ENAMETOOLONG: self.init("its path is too long for the kernel", remedy: "use a shorter path")
        default:
            self.init(
                "cannot be read: \(String(cString: strerror(code)))", remedy: "check the file and its file system")
        }
    }

    /// The message and the remedy.
    public var description: String { "\(message); \(remedy)" }
}
