import Yams

/// Reads YAML into values that know their places.
struct YAMLDocument {
    /// How many values a short file may come to once its aliases are written out.
    static let maximumValues = 500_000
    /// A longer file may come to a value for so many of its bytes, which no file without aliases exceeds that a person or
    /// program wrote in earnest.
    static let bytesOfValue = 4

    private let file: String?
    private let limit: Int
    private var count = 0

    /// Reads all documents of a file; empty ones are null.
    /// - Throws: `LabFileError` where the text is no YAML, or its aliases would expand without bound.
    static func read(_ text: String, file: String?) throws(LabFileError) -> [DocumentValue] {
        try TOMLDocument.refuseBeforeParsing(text, file: file)
        let aliases = YAMLAliases(in: text)
        if aliases.mayBeInKey {
            throw LabFileError(
                Diagnostic(
                    file: file, line: aliases.firstComplexKey,
                    message: "a file with aliases (*name) may not have keys that are lists, tables or aliases",
                    remedy: "write the values out, and use plain words as keys"))
        }
        var document = YAMLDocument(file: file, limit: limit(length: text.utf8.count))
        return try document.documents(of: text)
    }

    /// How many values a file of a length in bytes may come to.
    static func limit(length: Int) -> Int { max(maximumValues, length / bytesOfValue) }

    private init(file: String?, limit: Int) {
        self.file = file
        self.limit = limit
    }

    private mutating func documents(of text: String) throws(LabFileError) -> [DocumentValue] {
        // The parser keeps a pointer into the text: a text short enough to be held inline would dangle.
        let padded = text + String(repeating: "\n", count: 32)
        var values: [DocumentValue] = []
        do {
            // Types of plain words are told apart here: the parser's own rules are regular expressions, which take as long
            // as all the rest.
            let parser = try Parser(yaml: padded, resolver: .basic, encoding: .utf8)
            while let root = try parser.nextRoot() {
                values.append(try value(of: root, at: .root))
            }
        } catch let error as LabFileError {
            throw error
        } catch let error as YamlError {
            throw LabFileError(diagnostic(error))
        } catch {
            throw LabFileError(Diagnostic(file: file, message: "this is not YAML: \(error)", remedy: "mend the syntax"))
        }
        return values
    }

    // MARK: Values

    private mutating func value(of node: Node, at path: FieldPath) throws(LabFileError) -> DocumentValue {
        let position = node.mark.map { Position(line: $0.line, column: $0.column) }
        count += 1
        guard count <= limit else {
            throw LabFileError(
                Diagnostic(
                    file: file, line: position?.line, column: position?.column,
                    message:
                        "the file comes to more than \(limit) values once its aliases are written out",
                    remedy: "use fewer aliases (*name), or split the file"))
        }
        let content: DocumentValue.Content
        switch node {
        case .scalar(let scalar): content = YAMLScalar.content(of: scalar)
        case .sequence(let sequence):
            var values: [DocumentValue] = []
            for (offset, element) in sequence.enumerated() { values.append(try value(of: element, at: path[offset])) }
            content = .list(values)
        case .mapping(let mapping): content = .table(try entries(of: mapping, at: path))
        case .alias: content = .other("an alias")
        }
        return DocumentValue(content: content, path: path, position: position)
    }

    private mutating func entries(of mapping: Node.Mapping, at path: FieldPath) throws(LabFileError)
        -> [DocumentValue.Entry]
    {
        var entries: [DocumentValue.Entry] = []
        for pair in mapping {
            guard case .scalar(let key) = pair.key, !YAMLScalar.isMerge(key) else {
                let mark = pair.key.mark
                throw LabFileError(
                    Diagnostic(
                        file: file, line: mark?.line, column: mark?.column, keyPath: path.description,
                        message: pair.key.scalar == nil ? "a key must be a word" : "merge keys (<<) are not supported",
                        remedy: pair.key.scalar == nil ? "use a plain word as the key" : "write the fields out"))
            }
            var value = try value(of: pair.value, at: path[key.string])
            if let mark = pair.key.mark { value.position = Position(line: mark.line, column: mark.column) }
            entries.append(DocumentValue.Entry(key: key.string, value: value))
        }
        return entries
    }

    // MARK: Syntax errors

    private func diagnostic(_ error: YamlError) -> Diagnostic {
        var mark: Mark?
        var remedy = "mend the syntax (https://yaml.org)"
        let problem: String
        switch error {
        case .scanner(let context, let text, let place, _), .parser(let context, let text, let place, _),
            .composer(let context, let text, let place, _):
            (mark, problem) = (place, [text, context?.text].compactMap { $0 }.joined(separator: " "))
        case .duplicatedKeysInMapping(let keys, let context):
            mark = context.mark
            problem = "the key \(keys.map(Shown.quoted).joined(separator: ", ")) stands twice in one table"
            remedy = "remove or rename one of them"
        case .reader(let text, _, _, _):
            problem = text
            remedy = "remove the characters that YAML does not allow"
        case .memory:
            problem = "it is nested too deep"
            remedy = "nest fewer lists and tables; at most 1,000 are read"
        default: problem = "\(error)"
        }
        if problem.contains("nesting level") { remedy = "nest fewer lists and tables; at most 1,000 are read" }
        if problem.contains("cannot start any token") || problem.contains("tab character") {
            remedy = "indent with spaces, not tabs, and quote odd words"
        }
        if problem.contains("undefined alias") {
            remedy = "define the anchor (&name) before it is used, outside itself"
        }
        return Diagnostic(
            file: file, line: mark?.line, column: mark?.column, message: "this is not YAML: \(Shown.plain(problem))",
            remedy: remedy)
    }
}
