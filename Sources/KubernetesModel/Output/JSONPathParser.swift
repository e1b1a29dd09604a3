/// Reads the template form of a JSONPath.
struct JSONPathParser {
    typealias Failure = JSONPath.Failure
    typealias Node = JSONPath.Node
    typealias Step = JSONPath.Step

    private static let largestDepth = 32

    private let scalars: [Unicode.Scalar]
    private let depth: Int
    private var position = 0

    init(_ scalars: [Unicode.Scalar], depth: Int = 0) {
        self.scalars = scalars
        self.depth = depth
    }

    private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        position += 1
        return true
    }

    // MARK: Templates

    mutating func template() throws(Failure) -> [Node] {
        var open: [(steps: [Step], nodes: [Node])] = []
        var nodes: [Node] = []
        while let scalar = next {
            guard scalar == "{" else {
                nodes.append(.text(text()))
                continue
            }
            position += 1
            switch try action() {
            case .path(let steps): nodes.append(.path(steps))
            case .range(let steps):
                guard open.count < Self.largestDepth else { throw Failure("ranges are nested too deep") }
                open.append((steps, nodes))
                nodes = []
            case .end:
                guard let outer = open.popLast() else { throw Failure("not in range, nothing to end") }
                nodes = outer.nodes + [.range(outer.steps, nodes)]
            }
        }
        if !open.isEmpty { throw Failure("unexpected end of template: a range is not ended") }
        return nodes
    }

    private mutating func text() -> String {
        var text = ""
        while let scalar = next, scalar != "{" {
            text.unicodeScalars.append(scalar)
            position += 1
        }
        return text
    }

    private enum Action {
        case path([Step])
        case range([Step])
        case end
    }

    /// What is between braces, up to the closing one.
    private mutating func action() throws(Failure) -> Action {
        skipSpace()
        var isRange = false
        if let word = word() {
            switch word {
            case "end":
                skipSpace()
                guard take("}") else { throw Failure("unclosed action") }
                return .end
            case "range": isRange = true
            default: position -= word.unicodeScalars.count
            }
        }
        let steps = try self.steps()
        guard take("}") else { throw Failure("unclosed action") }
        return isRange ? .range(steps) : .path(steps)
    }

    private mutating func skipSpace() {
        while let scalar = next, scalar.properties.isWhitespace { position += 1 }
    }

    private mutating func word() -> String? {
        var word = ""
        while let scalar = next, scalar.properties.isAlphabetic || scalar == "_" {
            word.unicodeScalars.append(scalar)
            position += 1
        }
        return word.isEmpty ? nil : word
    }

    // MARK: Paths

    /// A path up to a closing brace or the end.
    mutating func steps() throws(Failure) -> [Step] {
        guard depth < Self.largestDepth else { throw Failure("the expression is nested too deep") }
        var steps: [Step] = []
        while let scalar = next, scalar != "}" {
            switch scalar {
            case "$":
                steps.append(.root)
                position += 1
            case "@":
                steps.append(.current)
                position += 1
            case ".":
                position += 1
                if take(".") { steps.append(.recursive) }
                if let field = try field() { steps.append(field) }
            case "[":
                position += 1
                steps.append(try brackets())
            case "\"", "'": steps.append(.literal(.string(try quoted())))
            case _ where scalar.properties.isWhitespace: position += 1
            case "+", "-", "0"..."9": steps.append(.literal(try number()))
            case "*":
                steps.append(.wildcard)
                position += 1
            default: steps.append(.literal(try namedValue()))
            }
        }
        return steps
    }

    /// A field's name behind a dot; nil where there is none, as in `{.}` and `..[0]`.
    private mutating func field() throws(Failure) -> Step? {
        var name = ""
        while let scalar = next, !",.[]${}@\"'()".unicodeScalars.contains(scalar), !scalar.properties.isWhitespace {
            position += 1
            guard scalar == "\\" else {
                name.unicodeScalars.append(scalar)
                continue
            }
            guard let escaped = next else { throw Failure("unterminated escape") }
            name.unicodeScalars.append(escaped)
            position += 1
        }
        if name.isEmpty { return nil }
        return name == "*" ? .wildcard : .field(name)
    }

    private mutating func namedValue() throws(Failure) -> JSONValue {
        let start = position
        switch word() {
        case "true": return true
        case "false": return false
        case let word?: throw Failure("unrecognized identifier \(word.prefix(100))")
        case nil: throw Failure("unrecognized character in action: U+\(String(scalars[start].value, radix: 16))")
        }
    }

    private mutating func number() throws(Failure) -> JSONValue {
        var text = ""
        while let scalar = next, "+-.0123456789eE".unicodeScalars.contains(scalar) {
            text.unicodeScalars.append(scalar)
            position += 1
        }
        if let number = Int64(text) { return .integer(number) }
        guard let number = Double(text), number.isFinite else {
            throw Failure("cannot parse number \(text.prefix(40))")
        }
        return .number(number)
    }

    /// A text in quotes, with its escapes resolved.
    private mutating func quoted() throws(Failure) -> String {
        guard let quote = next else { throw Failure("unterminated quoted string") }
        position += 1
        var text = ""
        while let scalar = next {
            position += 1
            if scalar == quote { return text }
            guard scalar == "\\" else {
                text.unicodeScalars.append(scalar)
                continue
            }
            guard let escaped = next else { break }
            position += 1
            switch escaped {
            case "n": text += "\n"
            case "t": text += "\t"
            case "r": text += "\r"
            default: text.unicodeScalars.append(escaped)
            }
        }
        throw Failure("unterminated quoted string")
    }

    // MARK: Brackets

    private mutating func brackets() throws(Failure) -> Step {
        if take("?") {
            guard take("(") else { throw Failure("unterminated filter") }
            let content = try raw(until: ")", opening: "(")
            guard take("]") else { throw Failure("unterminated filter") }
            return try filter(content)
        }
        let content = try raw(until: "]", opening: "[")
        let parts = Self.split(content, at: ",")
        if parts.count > 1 {
            var choices: [[Step]] = []
            for part in parts { choices.append([try bracket(part)]) }
            return .union(choices)
        }
        return try bracket(content)
    }

    /// The text up to the closing sign, quotes and nested pairs passed over.
    private mutating func raw(until close: Unicode.Scalar, opening: Unicode.Scalar) throws(Failure)
        -> [Unicode.Scalar]
    {
        var content: [Unicode.Scalar] = []
        var quote: Unicode.Scalar?
        var open = 0
        while let scalar = next {
            position += 1
            if let current = quote {
                content.append(scalar)
                if scalar == "\\", let escaped = next {
                    content.append(escaped)
                    position += 1
                } else if scalar == current {
                    quote = nil
                }
                continue
            }
            if scalar == close, open == 0 { return content }
            if scalar == close { open -= 1 }
            if scalar == opening { open += 1 }
            if scalar == "\"" || scalar == "'" { quote = scalar }
            content.append(scalar)
        }
        throw Failure(close == ")" ? "unterminated filter" : "unterminated array")
    }

    private static func split(_ scalars: [Unicode.Scalar], at separator: Unicode.Scalar) -> [[Unicode.Scalar]] {
        var parts: [[Unicode.Scalar]] = [[]]
        var quote: Unicode.Scalar?
        for scalar in scalars {
            if let current = quote {
                if scalar == current { quote = nil }
            } else if scalar == "\"" || scalar == "'" {
                quote = scalar
            } else if scalar == separator {
                parts.append([])
                continue
            }
            parts[parts.count - 1].append(scalar)
        }
        return parts
    }

    /// One of `'key'`, `*`, `3`, `-1`, `0:2`, `0:4:2`.
    private func bracket(_ content: [Unicode.Scalar]) throws(Failure) -> Step {
        let text = Words.trimmed(String(String.UnicodeScalarView(content)))
        if text == "*" { return .wildcard }
        if text.hasPrefix("'") || text.hasPrefix("\"") {
            var parser = JSONPathParser(Array(text.unicodeScalars), depth: depth + 1)
            let key = try parser.quoted()
            guard parser.next == nil else { throw Failure("invalid array index \(text.prefix(100))") }
            return .field(key)
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        var numbers: [Int?] = []
        for part in parts {
            let word = Words.trimmed(String(part))
            guard word.isEmpty || Int32(word) != nil else { throw Failure("invalid array index \(text.prefix(100))") }
            numbers.append(Int(word))
        }
        switch (numbers.count, numbers[0]) {
        case (1, let index?): return .slice(start: index, end: index == -1 ? nil : index + 1, step: nil)
        case (2...3, _):
            return .slice(start: numbers[0], end: numbers[1], step: numbers.count == 3 ? numbers[2] : nil)
        default: throw Failure("invalid array index \(text.prefix(100))")
        }
    }

    private func filter(_ content: [Unicode.Scalar]) throws(Failure) -> Step {
        var quote: Unicode.Scalar?
        var place: Int?
        for (index, scalar) in content.enumerated() where place == nil {
            if let current = quote {
                if scalar == current { quote = nil }
            } else if scalar == "\"" || scalar == "'" {
                quote = scalar
            } else if "!<>=".unicodeScalars.contains(scalar) {
                place = index
            }
        }
        guard let place else { return .filter(try nested(content[...]), .exists, []) }
        let sign = content[place...].prefix { "!<>=".unicodeScalars.contains($0) }
        let word = String(String.UnicodeScalarView(sign))
        guard let comparison = JSONPath.Comparison(rawValue: word) else {
            throw Failure("unrecognized filter operator \(word.prefix(20))")
        }
        return .filter(
            try nested(content[..<place]), comparison, try nested(content[(place + sign.count)...]))
    }

    private func nested(_ content: ArraySlice<Unicode.Scalar>) throws(Failure) -> [Step] {
        var parser = JSONPathParser(Array(content), depth: depth + 1)
        let steps = try parser.steps()
        guard parser.next == nil else { throw Failure("unexpected brace in filter") }
        return steps
    }
}
