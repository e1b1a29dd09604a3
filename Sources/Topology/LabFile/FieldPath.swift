/// The path of a value in a document, such as `node[1].address[0]`.
package struct FieldPath: Hashable, Sendable {
    package enum Step: Hashable, Sendable {
        case key(String)
        case index(Int)
    }

    private(set) var steps: [Step] = []

    /// The document as a whole.
    package static let root = FieldPath()

    /// The value of a key of the table here.
    package subscript(key: String) -> FieldPath { adding([.key(key)]) }

    /// An element of the list here.
    package subscript(index: Int) -> FieldPath { adding([.index(index)]) }

    func adding(_ more: some Sequence<Step>) -> FieldPath {
        var path = self
        path.steps.append(contentsOf: more)
        return path
    }

    /// The path of the table or list that holds this value, or nil at the root.
    var parent: FieldPath? {
        guard !steps.isEmpty else { return nil }
        var path = self
        path.steps.removeLast()
        return path
    }

    /// Whether one of the two paths leads through the other.
    func overlaps(_ other: FieldPath) -> Bool {
        zip(steps, other.steps).allSatisfy { $0 == $1 }
    }

    func hasPrefix(_ prefix: FieldPath) -> Bool {
        steps.starts(with: prefix.steps)
    }
}

extension FieldPath: CustomStringConvertible {
    package var description: String {
        var text = ""
        for step in steps {
            switch step {
            case .index(let index): text += "[\(index)]"
            case .key(let key):
                let isBare = !key.isEmpty && key.utf8.allSatisfy(Self.isBare)
                text += (text.isEmpty ? "" : ".") + (isBare ? Shown.plain(key) : Shown.quoted(key))
            }
        }
        return text
    }

    /// Whether a byte can stand in a TOML key without quotation marks.
    static func isBare(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

/// A place in a text, counted from 1; columns in Unicode scalars.
package struct Position: Hashable, Sendable {
    package var line: Int
    package var column: Int
}

/// Where a value of a spec was written.
struct SourceLocation: Hashable, Sendable {
    var file: String?
    var position: Position?
    /// The value's path as that file spells it.
    var keyPath: FieldPath
}

/// A problem found in a spec, by the path in the lab file's spelling.
struct Problem: Hashable, Sendable {
    var path: FieldPath
    var message: String
    var remedy: String
}

/// Where each value of a spec was written.
struct SourceMap: Sendable {
    var file: String?
    private var locations: [FieldPath: SourceLocation] = [:]

    init(file: String? = nil) {
        self.file = file
    }

    subscript(path: FieldPath) -> SourceLocation? {
        get { locations[path] }
        set { locations[path] = newValue }
    }

    /// Where a value was written; for one that was not, where its table was, with the path that it would have had.
    func location(of path: FieldPath) -> SourceLocation {
        var known = path
        while true {
            if var location = locations[known] {
                location.keyPath = location.keyPath.adding(path.steps.dropFirst(known.steps.count))
                return location
            }
            guard let parent = known.parent else { return SourceLocation(file: file, keyPath: path) }
            known = parent
        }
    }

    func diagnostic(_ problem: Problem) -> Diagnostic {
        let location = location(of: problem.path)
        return Diagnostic(
            file: location.file, line: location.position?.line, column: location.position?.column,
            keyPath: location.keyPath.description, message: problem.message, remedy: problem.remedy)
    }
}
