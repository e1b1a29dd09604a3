/// Why the objects' database cannot be read or written. What was stored before is untouched.
public struct StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of trouble it is.
    public enum Kind: Sendable {
        /// The file is no database, or one of another program.
        case foreign
        /// The file was written by a later release.
        case newer
        /// The file's content is damaged.
        case damaged
        /// Another process has the file open.
        case inUse
        /// No space is left.
        case full
        /// The file cannot be opened, read or written.
        case inaccessible
    }

    /// What kind of trouble it is.
    public let kind: Kind
    /// The file.
    public let path: String
    /// What was attempted and what SQLite or the kernel said.
    public let reason: String

    /// The file, what happened and what can be done.
    public var description: String { "\(path): \(reason); \(advice)" }

    private var advice: String {
        switch kind {
        case .foreign: "name another state directory, or move the file away"
        case .newer: "use that release, or move the file away to begin with an empty cluster"
        case .damaged: "move the file and its -wal away and apply the manifests again"
        case .inUse: "end the process that serves this lab first"
        case .full: "make room on its file system and try again; nothing of this change was stored"
        case .inaccessible: "check that the directory exists, is writable and belongs to root"
        }
    }
}
