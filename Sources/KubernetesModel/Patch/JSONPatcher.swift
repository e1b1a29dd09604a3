/// A document in the middle of a JSON patch.
struct JSONPatcher {
    var document: JSONValue
    private var copied = 0
    private var moved = 0

    init(document: JSONValue) { self.document = document }

    mutating func carryOut(_ operation: JSONPatchOperation) throws(APIStatus) {
        switch operation {
        case .add(let path, let value): try add(value, at: path)
        case .remove(let path): _ = try remove(path, "remove")
        case .replace(let path, let value): try replace(path, value)
        case .test(let path, let value):
            guard let found = self.value(at: path), found.isSame(as: value) else {
                throw JSONPatch.unfit("testing value \(path) failed: test failed")
            }
        case .copy(let from, let to):
            let value = try source(from, "copy")
            copied += try size(of: value, at: to)
            guard copied <= JSONPatch.largestCopy else {
                throw JSONPatch.tooLarge("copy operations amount to more than \(JSONPatch.largestCopy) bytes")
            }
            try add(value, at: to)
        case .move(let from, let to):
            if from == to {
                _ = try source(from, "move")
                return
            }
            guard !to.tokens.starts(with: from.tokens) else {
                throw JSONPatch.unfit("move operation does not apply: \(to) is inside of \(from)")
            }
            let value = try remove(from, "move")
            moved += try size(of: value, at: to)
            guard moved <= JSONPatch.largestMove else {
                throw JSONPatch.tooLarge("move operations amount to more than \(JSONPatch.largestMove) bytes")
            }
            try add(value, at: to)
        }
    }

    private func size(of value: JSONValue, at path: JSONPointer) throws(APIStatus) -> Int {
        guard let size = value.approximateSize(depth: JSONValue.largestDepth - path.tokens.count) else {
            throw JSONPatch.unfit("\(path) would be deeper than \(JSONValue.largestDepth) levels")
        }
        return size
    }

    private func source(_ path: JSONPointer, _ verb: String) throws(APIStatus) -> JSONValue {
        guard let value = value(at: path) else { throw missing(path, verb) }
        return value
    }

    private func value(at path: JSONPointer) -> JSONValue? {
        var value = document
        for token in path.tokens {
            switch value {
            case .object(let fields):
                guard let next = fields[token] else { return nil }
                value = next
            case .array(let elements):
                guard let index = Self.index(token), index < elements.count else { return nil }
                value = elements[index]
            default: return nil
            }
        }
        return value
    }

    private mutating func add(_ value: JSONValue, at path: JSONPointer) throws(APIStatus) {
        guard value.approximateSize(depth: JSONValue.largestDepth - path.tokens.count) != nil else {
            throw JSONPatch.unfit("\(path) would be deeper than \(JSONValue.largestDepth) levels")
        }
        guard let last = path.tokens.last else {
            document = value
            return
        }
        try change(&document, path.tokens.dropLast(), path, "add") { (parent: inout JSONValue) throws(APIStatus) in
            guard case .array(var elements) = parent else {
                parent[last] = value
                return
            }
            parent = .null
            let index = last == "-" ? elements.count : Self.index(last)
            guard let index, index <= elements.count else {
                throw JSONPatch.unfit(
                    "add operation does not apply: \(path): Unable to access invalid index: \(last.prefix(40))")
            }
            elements.insert(value, at: index)
            parent = .array(elements)
        }
    }

    private mutating func replace(_ path: JSONPointer, _ value: JSONValue) throws(APIStatus) {
        guard self.value(at: path) != nil else { throw missing(path, "replace") }
        guard let last = path.tokens.last, case .array? = self.value(at: path.parent) else {
            try add(value, at: path)
            return
        }
        try change(&document, path.tokens.dropLast(), path, "replace") {
            (parent: inout JSONValue) throws(APIStatus) in
            guard case .array(var elements) = parent, let index = Self.index(last), index < elements.count else {
                return
            }
            parent = .null
            elements[index] = value
            parent = .array(elements)
        }
    }

    private mutating func remove(_ path: JSONPointer, _ verb: String) throws(APIStatus) -> JSONValue {
        let removed = try source(path, verb)
        guard let last = path.tokens.last else {
            document = .null
            return removed
        }
        try change(&document, path.tokens.dropLast(), path, verb) { (parent: inout JSONValue) throws(APIStatus) in
            guard case .array(var elements) = parent else {
                parent[last] = nil
                return
            }
            parent = .null
            if let index = Self.index(last), index < elements.count { elements.remove(at: index) }
            parent = .array(elements)
        }
        return removed
    }

    /// Goes down to the object or array that holds the place, and lets it be changed there.
    private func change(
        _ value: inout JSONValue, _ tokens: ArraySlice<String>, _ path: JSONPointer, _ verb: String,
        _ body: (inout JSONValue) throws(APIStatus) -> Void
    ) throws(APIStatus) {
        guard let token = tokens.first else {
            switch value {
            case .object, .array: try body(&value)
            default: throw missing(path, verb)
            }
            return
        }
        switch value {
        case .object(var fields):
            guard var next = fields[token] else { throw missing(path, verb) }
            value = .null
            fields[token] = .null
            try change(&next, tokens.dropFirst(), path, verb, body)
            fields[token] = next
            value = .object(fields)
        case .array(var elements):
            guard let index = Self.index(token), index < elements.count else { throw missing(path, verb) }
            value = .null
            try change(&elements[index], tokens.dropFirst(), path, verb, body)
            value = .array(elements)
        default: throw missing(path, verb)
        }
    }

    private func missing(_ path: JSONPointer, _ verb: String) -> APIStatus {
        JSONPatch.unfit("\(verb) operation does not apply: doc is missing path: \"\(path)\": missing value")
    }

    /// An index as RFC 6901 writes it: digits without leading zeros.
    private static func index(_ token: String) -> Int? {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard token.utf8.allSatisfy(digits.contains), token == "0" || !token.hasPrefix("0") else { return nil }
        return Int(token)
    }
}

extension JSONPointer {
    fileprivate var parent: JSONPointer { JSONPointer(tokens: Array(tokens.dropLast())) }
}

extension JSONValue {
    /// About how many bytes the value takes as JSON, or nil where it is deeper than that.
    func approximateSize(depth: Int) -> Int? {
        guard depth >= 0 else { return nil }
        switch self {
        case .null, .bool, .integer, .number: return 8
        case .string(let text): return text.utf8.count + 3
        case .array(let elements):
            var sum = 2
            for element in elements {
                guard let size = element.approximateSize(depth: depth - 1) else { return nil }
                sum += size
            }
            return sum
        case .object(let fields):
            var sum = 2
            for (field, value) in fields {
                guard let size = value.approximateSize(depth: depth - 1) else { return nil }
                sum += field.utf8.count + 4 + size
            }
            return sum
        }
    }

    /// Whether two values mean the same: numbers are compared as numbers, however they are written.
    func isSame(as other: JSONValue) -> Bool {
        switch (self, other) {
        case (.integer(let one), .number(let two)): Double(one) == two
        case (.number(let one), .integer(let two)): one == Double(two)
        case (.array(let one), .array(let two)):
            one.count == two.count && zip(one, two).allSatisfy { $0.isSame(as: $1) }
        case (.object(let one), .object(let two)):
            one.count == two.count
                && one.allSatisfy { field, value in two[field].map { value.isSame(as: $0) } ?? false }
        default: self == other
        }
    }
}
