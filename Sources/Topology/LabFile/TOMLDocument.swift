import TOMLKit

/// Reads TOML into values that know their places.
package enum TOMLDocument {
    /// Reads a document whose values know their own places.
    /// - Throws: `LabFileError` where the text is no TOML, or has NUL characters or tables nested too deep.
    package static func root(_ file: SourceFile) throws(LabFileError) -> DocumentValue {
        try read(file.text, file: file.path).root
    }

    /// Reads a document.
    /// - Throws: `LabFileError` where the text is no TOML, or has NUL characters or tables nested too deep.
    static func read(_ text: String, file: String?) throws(LabFileError) -> (root: DocumentValue, sources: SourceMap) {
        try refuseBeforeParsing(text, file: file)
        let scan = TOMLScan(of: text)
        func refuse(_ position: Position?, _ message: String, remedy: String) -> LabFileError {
            LabFileError(
                Diagnostic(
                    file: file, line: position?.line, column: position?.column, message: message, remedy: remedy))
        }
        if let fault = scan.fault { throw refuse(fault.position, fault.message, remedy: fault.remedy) }
        let table: TOMLTable
        do {
            table = try TOMLTable(string: text)
        } catch let error as TOMLParseError {
            let begin = Position(line: error.source.begin.line, column: error.source.begin.column)
            throw refuse(
                begin, "this is not TOML: \(Shown.plain(error.description))",
                remedy: "mend the syntax (https://toml.io)")
        } catch {
            throw refuse(nil, "this is not TOML: \(error)", remedy: "mend the syntax (https://toml.io)")
        }
        var sources = SourceMap(file: file)
        for (path, position) in scan.positions {
            sources[path] = SourceLocation(file: file, position: position, keyPath: path)
        }
        return (value(of: table, at: .root, scan), sources)
    }

    /// What C strings cannot carry, or what is too long to be parsed.
    static func refuseBeforeParsing(_ text: String, file: String?) throws(LabFileError) {
        guard text.utf8.count <= SourceFile.maximumLength else {
            let error = SourceFileError.tooLong(text.utf8.count)
            throw LabFileError(Diagnostic(file: file, message: error.message, remedy: error.remedy))
        }
        guard let place = text.utf8.firstIndex(of: 0) else { return }
        let line = text.utf8[..<place].count { $0 == UInt8(ascii: "\n") } + 1
        throw LabFileError(
            Diagnostic(
                file: file, line: line, message: "the text has a NUL character",
                remedy: "check that it is a text file, and remove the character"))
    }

    private static func value(of table: TOMLTable, at path: FieldPath, _ scan: TOMLScan) -> DocumentValue {
        let entries = zip(table.keys, table.values).map { key, item in
            DocumentValue.Entry(key: key, value: value(of: item, at: path[key], scan))
        }
        let order = entries.sorted { left, right in
            precedes(left.value.position, right.value.position)
        }
        return DocumentValue(content: .table(order), path: path, position: scan.positions[path])
    }

    /// Orders by place, so that problems are reported from top to bottom.
    private static func precedes(_ left: Position?, _ right: Position?) -> Bool {
        guard let left, let right else { return left != nil && right == nil }
        return (left.line, left.column) < (right.line, right.column)
    }

    private static func value(of item: TOMLValue, at path: FieldPath, _ scan: TOMLScan) -> DocumentValue {
        let content: DocumentValue.Content
        switch item.type {
        case .string: content = item.string.map { .string($0) } ?? .other("an unreadable string")
        case .int: content = item.int.map { .integer($0) } ?? .other("an unreadable integer")
        case .bool: content = item.bool.map { .boolean($0) } ?? .other("an unreadable boolean")
        case .double: content = .other("a number with a fraction")
        case .date: content = .other("a date")
        case .time: content = .other("a time")
        case .dateTime: content = .other("a date and time")
        case .array:
            let values = item.array.map { Array($0) } ?? []
            content = .list(
                values.enumerated().map { offset, element in value(of: element.tomlValue, at: path[offset], scan) })
        case .table:
            guard let table = item.table else {
                content = .other("an unreadable table")
                break
            }
            return value(of: table, at: path, scan)
        }
        return DocumentValue(content: content, path: path, position: scan.positions[path])
    }
}
