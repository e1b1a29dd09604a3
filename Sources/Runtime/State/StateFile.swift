internal import CLinux
internal import FoundationEssentials
internal import Glibc
public import Netlink

/// Why a file of the state directory could not be read or written.
public struct StateError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was attempted: "write".
    public let attempt: String
    /// The file.
    public let path: String
    /// What the kernel said, or why the contents are no good.
    public let reason: String
    /// The errno, where there was one.
    public let cause: SystemError?

    init(_ attempt: String, _ path: String, errno: Int32) {
        self.attempt = attempt
        self.path = path
        self.cause = SystemError(errno: errno)
        self.reason = SystemError(errno: errno).description
    }

    init(_ attempt: String, _ path: String, reason: String) {
        self.attempt = attempt
        self.path = path
        self.cause = nil
        self.reason = reason
    }

    /// What was attempted, on what, and why it failed.
    public var description: String { "cannot \(attempt) \(path): \(reason)" }
}

/// Reads and writes files of the state directory.
///
/// Nothing is flushed to a disk: the state has to outlive a process, never the kernel, whose namespaces it describes.
enum StateFile {
    /// Makes a directory and those above it.
    ///
    /// - Returns: whether it is new.
    @discardableResult
    static func createDirectory(_ path: String, mode: mode_t = 0o700) throws(StateError) -> Bool {
        _ = lab_kernel_request()
        if mkdir(path, mode) == 0 { return true }
        if errno == EEXIST { return false }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
            throw StateError("create the directory", path, errno: errno)
        }
        try createDirectory(String(path[..<slash]), mode: 0o755)
        if mkdir(path, mode) == 0 { return true }
        guard errno == EEXIST else { throw StateError("create the directory", path, errno: errno) }
        return false
    }

    /// Replaces a file whole: a reader sees the old contents or the new.
    static func replace(_ path: String, with contents: some Collection<UInt8>) throws(StateError) {
        let temporary = temporary(for: path)
        do {
            try write(temporary, contents)
        } catch {
            // A full disk: what is left of the new file is of no use.
            unlink(temporary)
            throw error
        }
        _ = lab_kernel_request()
        guard rename(temporary, path) == 0 else { throw StateError("replace", path, errno: errno) }
    }

    /// Where the new contents of a file wait until they are whole.
    static func temporary(for path: String) -> String { path + ".new" }

    /// Writes a file that nobody reads while it is written.
    static func write(_ path: String, _ contents: some Collection<UInt8>) throws(StateError) {
        _ = lab_kernel_request()
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw StateError("create", path, errno: errno) }
        defer { close(file) }
        try append(Array(contents), to: file, path: path)
    }

    /// Writes all bytes to an open file.
    static func append(_ bytes: [UInt8], to file: Int32, path: String) throws(StateError) {
        var start = 0
        while start < bytes.count {
            let written = bytes[start...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if written < 0 {
                if errno == EINTR { continue }
                throw StateError("write", path, errno: errno)
            }
            start += written
        }
    }

    /// The contents of a file, or nil where there is none.
    static func read(_ path: String) throws(StateError) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw StateError("open", path, errno: errno)
        }
        defer { close(file) }
        var contents: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = buffer.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, $0.count) }
            if count == 0 { return contents }
            if count < 0 {
                if errno == EINTR { continue }
                throw StateError("read", path, errno: errno)
            }
            contents += buffer[..<count]
        }
    }

    /// Removes a file; one that does not exist is no error.
    static func remove(_ path: String) throws(StateError) {
        _ = lab_kernel_request()
        guard unlink(path) == 0 || errno == ENOENT else { throw StateError("remove", path, errno: errno) }
    }

    /// Removes a directory and all in it; one that does not exist is no error.
    static func removeTree(_ path: String) throws(StateError) {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return try remove(path) }
        for name in try names(in: path) { try removeTree("\(path)/\(name)") }
        try removeDirectory(path)
    }

    /// Removes an empty directory; one that does not exist is no error.
    static func removeDirectory(_ path: String) throws(StateError) {
        _ = lab_kernel_request()
        guard rmdir(path) == 0 || errno == ENOENT else { throw StateError("remove", path, errno: errno) }
    }

    /// What a directory holds; nothing where there is none.
    static func names(in path: String) throws(StateError) -> [String] {
        guard let directory = opendir(path) else {
            if errno == ENOENT { return [] }
            throw StateError("list", path, errno: errno)
        }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}

extension StateFile {
    /// A value's JSON, the same for the same value.
    static func encoded(_ value: some Encodable) throws(StateError) -> [UInt8] {
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return Array(try encoder.encode(value))
        } catch {
            throw StateError("encode", "\(type(of: value))", reason: "\(error)")
        }
    }

    /// Replaces a file with a value's JSON.
    static func replace(_ path: String, json value: some Encodable) throws(StateError) {
        try replace(path, with: try encoded(value))
    }

    /// Replaces a file with an array of values that are encoded already.
    static func replace(_ path: String, jsonArray values: [[UInt8]]) throws(StateError) {
        let separator = CollectionOfOne(UInt8(ascii: ","))
        try replace(path, with: [UInt8(ascii: "[")] + values.joined(separator: separator) + [UInt8(ascii: "]")])
    }

    /// Reads a value from a file's JSON, or nil where there is no file.
    static func read<Value: Decodable>(_ type: Value.Type, json path: String) throws(StateError) -> Value? {
        guard let bytes = try read(path) else { return nil }
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch {
            throw StateError("understand", path, reason: "\(error)")
        }
    }
}
