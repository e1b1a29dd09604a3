/// Walks a value along the paths of a template.
struct JSONPathEvaluation {
    typealias Failure = JSONPath.Failure
    typealias Step = JSONPath.Step

    let root: JSONValue

    func text(of nodes: [JSONPath.Node], at current: JSONValue) throws(Failure) -> String {
        var text = ""
        for node in nodes {
            switch node {
            case .text(let part): text += part
            case .path(let steps):
                text += try values(of: steps, at: current).map(\.plainText).joined(separator: " ")
            case .range(let steps, let body):
                for value in try values(of: steps, at: current) { text += try self.text(of: body, at: value) }
            }
        }
        return text
    }

    func values(of steps: [Step], at current: JSONValue) throws(Failure) -> [JSONValue] {
        var values = [current]
        for step in steps { values = try apply(step, to: values, current) }
        return values
    }

    private func apply(_ step: Step, to values: [JSONValue], _ current: JSONValue) throws(Failure) -> [JSONValue] {
        switch step {
        case .root: return [root]
        case .current: return [current]
        case .literal(let value): return [value]
        case .field(let name): return values.compactMap { $0[name] }
        case .wildcard: return values.flatMap(Self.children)
        case .recursive: return values.flatMap(Self.descendants)
        case .slice(let start, let end, let step):
            var result: [JSONValue] = []
            for value in values where !value.isNull { result += try Self.slice(value, start, end, step) }
            return result
        case .union(let choices):
            var result: [JSONValue] = []
            for choice in choices {
                var chosen = values
                for step in choice { chosen = try apply(step, to: chosen, current) }
                result += chosen
            }
            return result
        case .filter(let left, let comparison, let right):
            var result: [JSONValue] = []
            for value in values {
                guard case .array(let elements) = value else {
                    throw Failure("\(value.text.prefix(100)) is not array or slice and cannot be filtered")
                }
                for element in elements where try passes(element, left, comparison, right) { result.append(element) }
            }
            return result
        }
    }

    private static func children(_ value: JSONValue) -> [JSONValue] {
        switch value {
        case .array(let elements): elements
        case .object(let fields): fields.sorted { $0.key < $1.key }.map(\.value)
        default: []
        }
    }

    /// The value and all below it that have something below themselves.
    private static func descendants(_ value: JSONValue) -> [JSONValue] {
        let children = children(value)
        return children.isEmpty ? [] : [value] + children.flatMap(descendants)
    }

    private static func slice(_ value: JSONValue, _ first: Int?, _ last: Int?, _ step: Int?) throws(Failure)
        -> [JSONValue]
    {
        guard case .array(let elements) = value else { throw Failure("\(value.typeName) is not array or slice") }
        let count = elements.count
        var start = first ?? 0
        if start < 0 { start += count }
        var end = last ?? count
        // The element before the first one of a negative index ends at the list's end.
        if end < 0 || (end == 0 && first == -1) { end += count }
        if first != nil, last != nil, start == end { return [] }
        guard start >= 0, start < count || (first == nil && count == 0) else {
            throw Failure("array index out of bounds: index \(start), length \(count)")
        }
        guard end >= 0, end <= count else {
            throw Failure("array index out of bounds: index \(end - 1), length \(count)")
        }
        guard start <= end else { throw Failure("starting index \(start) is greater than ending index \(end)") }
        guard step ?? 1 > 0 else { throw Failure("step must be > 0") }
        return stride(from: start, to: end, by: step ?? 1).map { elements[$0] }
    }

    private func passes(_ element: JSONValue, _ left: [Step], _ comparison: JSONPath.Comparison, _ right: [Step])
        throws(Failure) -> Bool
    {
        let lefts = try values(of: left, at: element)
        if comparison == .exists { return !lefts.isEmpty }
        let rights = try values(of: right, at: element)
        guard let one = lefts.first, let other = rights.first else { return false }
        guard lefts.count == 1, rights.count == 1 else { throw Failure("can only compare one element at a time") }
        return Self.compare(one, comparison, other)
    }

    private static func compare(_ one: JSONValue, _ comparison: JSONPath.Comparison, _ other: JSONValue) -> Bool {
        switch comparison {
        case .exists: return true
        case .equal: return one.isSame(as: other)
        case .notEqual: return !one.isSame(as: other)
        case .less:
            return isOrdered(one, other) {
                $0 < $1
            } _: {
                $0 < $1
            }
        case .lessOrEqual:
            return isOrdered(one, other) {
                $0 <= $1
            } _: {
                $0 <= $1
            }
        case .greater:
            return isOrdered(one, other) {
                $0 > $1
            } _: {
                $0 > $1
            }
        case .greaterOrEqual:
            return isOrdered(one, other) {
                $0 >= $1
            } _: {
                $0 >= $1
            }
        }
    }

    /// Texts are compared with texts and numbers with numbers; anything else has no order.
    private static func isOrdered(
        _ one: JSONValue, _ other: JSONValue, _ numbers: (Double, Double) -> Bool, _ texts: (String, String) -> Bool
    ) -> Bool {
        if let one = one.string, let other = other.string { return texts(one, other) }
        guard let one = one.double, let other = other.double else { return false }
        return numbers(one, other)
    }
}

extension JSONValue {
    fileprivate var double: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .number(let number): number
        default: nil
        }
    }
}
