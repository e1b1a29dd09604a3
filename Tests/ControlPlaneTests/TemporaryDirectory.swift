import Foundation
import Testing

/// A directory for one test; it goes with the value.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("lab-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        path = directory.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Copies a store's files as they are at this moment, as a crash would leave them.
    func copyStore(_ name: String, to copy: String) throws {
        for suffix in ["", "-wal"] where FileManager.default.fileExists(atPath: "\(path)/\(name)\(suffix)") {
            try FileManager.default.copyItem(atPath: "\(path)/\(name)\(suffix)", toPath: "\(path)/\(copy)\(suffix)")
        }
    }
}
