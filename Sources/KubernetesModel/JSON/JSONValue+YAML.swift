extension JSONValue {
    /// The value as YAML, as `kubectl -o yaml` prints it (sigs.k8s.io/yaml): fields in natural order, lists not
    /// indented below their field, texts of several lines as literal blocks, others quoted only where they need it, and
    /// folded behind column 80. Ends with a line break.
    public var yamlText: String {
        var writer = YAMLWriter()
        writer.root(self)
        return writer.text
    }
}

private struct YAMLWriter {
    private(set) var text = ""
    private var column = 0
    private static let width = 80
    private static let longestSimpleKey = 128

    mutating func root(_ value: JSONValue) {
        switch value {
        case .object(let fields) where !fields.isEmpty: mapping(fields, indentation: 0)
        case .array(let elements) where !elements.isEmpty: sequence(elements, indentation: 0)
        default: scalar(value, indentation: 2, isKey: false)
        }
        if !text.hasSuffix("\n") { text += "\n" }
    }

    private mutating func mapping(_ fields: [String: JSONValue], indentation: Int) {
        for (index, field) in YAMLText.ordered(fields).enumerated() {
            if index > 0 { newLine(indentation) }
            let isSimple = field.key.utf8.count <= Self.longestSimpleKey && !field.key.unicodeScalars.contains("\n")
            if !isSimple { put("? ") }
            scalar(.string(field.key), indentation: indentation + 2, isKey: isSimple)
            if !isSimple { newLine(indentation) }
            put(":")
            switch field.value {
            case .object(let fields) where !fields.isEmpty:
                if isSimple { newLine(indentation + 2) } else { put(" ") }
                mapping(fields, indentation: indentation + 2)
            case .array(let elements) where !elements.isEmpty:
                let depth = isSimple ? indentation : indentation + 2
                if isSimple { newLine(depth) } else { put(" ") }
                sequence(elements, indentation: depth)
            default:
                put(" ")
                scalar(field.value, indentation: indentation + 2, isKey: false)
            }
        }
    }

    private mutating func sequence(_ elements: [JSONValue], indentation: Int) {
        for (index, element) in elements.enumerated() {
            if index > 0 { newLine(indentation) }
            put("- ")
            switch element {
            case .object(let fields) where !fields.isEmpty: mapping(fields, indentation: indentation + 2)
            case .array(let elements) where !elements.isEmpty: sequence(elements, indentation: indentation + 2)
            default: scalar(element, indentation: indentation + 2, isKey: false)
            }
        }
    }

    private mutating func scalar(_ value: JSONValue, indentation: Int, isKey: Bool) {
        guard case .string(let string) = value else {
            switch value {
            case .object: put("{}")
            case .array: put("[]")
            default: put(value.text)
            }
            return
        }
        let analysis = YAMLText(string)
        switch analysis.style(isKey: isKey) {
        case .plain: words(string, quote: nil, indentation: indentation, isFolded: !isKey)
        case .singleQuoted: words(string, quote: "'", indentation: indentation, isFolded: !isKey)
        case .doubleQuoted: doubleQuoted(string, indentation: indentation, isFolded: !isKey)
        case .literal: literal(string, indentation: indentation)
        }
    }

    /// A plain or single-quoted text: a single space behind column 80 becomes a line break.
    private mutating func words(_ string: String, quote: Unicode.Scalar?, indentation: Int, isFolded: Bool) {
        let scalars = Array(string.unicodeScalars)
        if let quote { put(quote) }
        var isAfterSpace = false
        for (index, scalar) in scalars.enumerated() {
            let isSpace = scalar == " "
            let isInside = quote == nil || (index > 0 && index < scalars.count - 1)
            let isLone = isSpace && !isAfterSpace && index + 1 < scalars.count && scalars[index + 1] != " "
            if isFolded, isLone, isInside, column > Self.width {
                newLine(indentation)
            } else {
                if scalar == quote { put(scalar) }
                put(scalar)
            }
            isAfterSpace = isSpace
        }
        if let quote { put(quote) }
    }

    private mutating func doubleQuoted(_ string: String, indentation: Int, isFolded: Bool) {
        let scalars = Array(string.unicodeScalars)
        put("\"")
        var isAfterSpace = false
        for (index, scalar) in scalars.enumerated() {
            if let escape = YAMLText.escape(scalar) {
                put(escape)
                isAfterSpace = false
                continue
            }
            let isSpace = scalar == " "
            if isFolded, isSpace, !isAfterSpace, column > Self.width, index > 0, index < scalars.count - 1 {
                newLine(indentation)
                if scalars[index + 1] == " " { put("\\") }
            } else {
                put(scalar)
            }
            isAfterSpace = isSpace
        }
        put("\"")
    }

    private mutating func literal(_ string: String, indentation: Int) {
        let scalars = Array(string.unicodeScalars)
        put("|")
        if scalars.first == " " || scalars.first == "\n" { put("2") }
        if scalars.last != "\n" {
            put("-")
        } else if scalars.count == 1 || scalars[scalars.count - 2] == "\n" {
            put("+")
        }
        text += "\n"
        var isAtStart = true
        for scalar in scalars {
            if scalar == "\n" {
                text += "\n"
                isAtStart = true
                continue
            }
            if isAtStart { text += String(repeating: " ", count: indentation) }
            text.unicodeScalars.append(scalar)
            isAtStart = false
        }
        column = 0
    }

    private mutating func newLine(_ indentation: Int) {
        if !text.hasSuffix("\n") { text += "\n" }
        text += String(repeating: " ", count: indentation)
        column = indentation
    }

    private mutating func put(_ string: String) {
        text += string
        column += string.unicodeScalars.count
    }

    private mutating func put(_ scalar: Unicode.Scalar) {
        text.unicodeScalars.append(scalar)
        column += 1
    }
}
