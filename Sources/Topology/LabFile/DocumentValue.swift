/// A value of a TOML or YAML document, with its place.
package struct DocumentValue: Sendable {
    package enum Content: Sendable {
        case string(String)
        case integer(Int)
        case boolean(Bool)
        /// A number with a fraction or an exponent.
        case number(Double)
        case null
        /// A value of a type that no field has, such as a date; the type's name with its article.
        case other(String)
        case list([DocumentValue])
        case table([Entry])
    }

    /// A key with its value. Keys of one table differ.
    package struct Entry: Sendable {
        package var key: String
        package var value: DocumentValue
    }

    package var content: Content
    package var path: FieldPath
    package var position: Position?

    /// The type's name with its article, for messages.
    package var typeName: String {
        switch content {
        case .string: "a string"
        case .integer: "an integer"
        case .boolean: "a boolean"
        case .number: "a number with a fraction"
        case .null: "null"
        case .other(let name): name
        case .list: "a list"
        case .table: "a table"
        }
    }
}

/// A value read from a document, and where it was.
package struct Located<Value: Sendable>: Sendable {
    package var value: Value
    package var source: DocumentValue

    package init(value: Value, source: DocumentValue) {
        self.value = value
        self.source = source
    }
}

/// Collects the problems met while one document is read.
package final class DocumentReader {
    /// How many problems of form are kept; a file with more is no lab file.
    static let maximumProblems = 1000

    package let file: String?
    package private(set) var diagnostics: [Diagnostic] = []
    /// Whether further problems are worth a careful look.
    var isFull: Bool { diagnostics.count >= Self.maximumProblems }
    /// The paths that have a problem.
    private(set) var refused: Set<FieldPath> = []

    package init(file: String?) {
        self.file = file
    }

    package func refuse(_ value: DocumentValue, _ message: String, remedy: String) {
        refuse(at: value.path, position: value.position, message, remedy: remedy)
    }

    package func refuse(at path: FieldPath, position: Position?, _ message: String, remedy: String) {
        refused.insert(path)
        guard !isFull else { return }
        diagnostics.append(
            Diagnostic(
                file: file, line: position?.line, column: position?.column, keyPath: path.description, message: message,
                remedy: remedy))
    }

    func location(of value: DocumentValue) -> SourceLocation {
        SourceLocation(file: file, position: value.position, keyPath: value.path)
    }

    // MARK: Values of one type

    package func string(_ value: DocumentValue) -> Located<String>? {
        if case .string(let text) = value.content { return Located(value: text, source: value) }
        refuse(value, "must be a string, not \(value.typeName)", remedy: "write the value in quotation marks")
        return nil
    }

    package func integer(_ value: DocumentValue) -> Located<Int>? {
        if case .integer(let number) = value.content { return Located(value: number, source: value) }
        refuse(value, "must be a whole number, not \(value.typeName)", remedy: "write digits without quotation marks")
        return nil
    }

    package func boolean(_ value: DocumentValue) -> Located<Bool>? {
        if case .boolean(let flag) = value.content { return Located(value: flag, source: value) }
        refuse(
            value, "must be true or false, not \(value.typeName)", remedy: "write true or false without quotation marks"
        )
        return nil
    }

    package func list(_ value: DocumentValue) -> [DocumentValue]? {
        if case .list(let values) = value.content { return values }
        refuse(value, "must be a list, not \(value.typeName)", remedy: "write it in brackets, as in [ … ]")
        return nil
    }

    package func entries(_ value: DocumentValue) -> [DocumentValue.Entry]? {
        if case .table(let entries) = value.content { return entries }
        refuse(value, "must be a table, not \(value.typeName)", remedy: "write keys with their values")
        return nil
    }

    /// A list of which every element can be read, or nil.
    package func strings(_ value: DocumentValue) -> [Located<String>]? {
        guard let values = list(value) else { return nil }
        let strings = values.map(string)
        let read = strings.compactMap { $0 }
        return read.count == strings.count ? read : nil
    }
}
