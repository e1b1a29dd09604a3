/// One problem of a lab file or manifest: where it is, what is wrong, and what would be right.
public struct Diagnostic: Hashable, Sendable, Codable {
    /// The file as the user named it, or nil where a spec did not come from a file.
    public var file: String?
    /// The line, counted from 1, where it is known.
    public var line: Int?
    /// The column, counted from 1 in Unicode scalars, where it is known.
    public var column: Int?
    /// The key's path in the file, such as `node[1].address[0]`; empty for the file as a whole.
    public var keyPath: String
    /// What is wrong.
    public var message: String
    /// What the user can do.
    public var remedy: String

    /// Describes a problem.
    public init(
        file: String?, line: Int? = nil, column: Int? = nil, keyPath: String = "", message: String, remedy: String
    ) {
        self.file = file
        self.line = line
        self.column = column
        self.keyPath = keyPath
        self.message = message
        self.remedy = remedy
    }
}

extension Diagnostic: CustomStringConvertible {
    /// `file:line:column: key.path: message; remedy`, on one line.
    public var description: String {
        var place = file.map(Shown.plain) ?? ""
        if let line { place += ":\(line)" }
        if line != nil, let column { place += ":\(column)" }
        return [place, keyPath, message + "; " + remedy].filter { !$0.isEmpty }.joined(separator: ": ")
    }
}

extension [Diagnostic] {
    /// The problems of one file from its top to its bottom; those without a place come last.
    var inOrder: [Diagnostic] {
        enumerated().sorted { one, other in
            let (a, b) = (one.element, other.element)
            return (a.line ?? .max, a.column ?? .max, one.offset) < (b.line ?? .max, b.column ?? .max, other.offset)
        }.map(\.element)
    }
}

/// Why a lab file or manifest is refused: every problem found, those of form before those of sense.
public struct LabFileError: Error, Hashable, Sendable {
    /// The problems, at least one.
    public let diagnostics: [Diagnostic]

    /// Problems that were found, at least one.
    public init(_ diagnostics: [Diagnostic]) {
        self.diagnostics = diagnostics
    }

    init(_ diagnostic: Diagnostic) {
        diagnostics = [diagnostic]
    }
}

extension LabFileError: CustomStringConvertible {
    /// One line a problem, for a terminal; the first 50 of many.
    public var description: String {
        let limit = 50
        var lines = diagnostics.prefix(limit).map(\.description)
        if diagnostics.count > limit { lines.append("and \(diagnostics.count - limit) more problems") }
        return lines.joined(separator: "\n")
    }
}

/// How text from a file is shown in a message: bounded, and without characters that a terminal would obey.
package enum Shown {
    /// The text in quotation marks.
    package static func quoted(_ text: String) -> String { "\"\(plain(text))\"" }

    /// A sentence or path of the API's, which may quote what was written at length.
    package static func bounded(_ text: String) -> String { shortened(text, to: 400) }

    /// The text without quotation marks.
    static func plain(_ text: String) -> String { shortened(text, to: 80) }

    private static func shortened(_ text: String, to limit: Int) -> String {
        var shown = ""
        for (count, scalar) in text.unicodeScalars.enumerated() {
            guard count < limit else { return shown + "…" }
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse:
                shown += "\\u{\(String(scalar.value, radix: 16))}"
            default: shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }
}
