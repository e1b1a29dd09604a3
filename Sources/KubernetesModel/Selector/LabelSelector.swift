/// Which objects are meant, by their labels (meta/v1 LabelSelector, and the form of query strings and of `-l`).
public struct LabelSelector: Hashable, Sendable {
    /// One condition; all of a selector's have to hold.
    public struct Requirement: Hashable, Sendable {
        /// The label's key.
        public let key: String
        /// How the label is compared.
        public let comparison: Comparison
        /// What it is compared with.
        public let values: Set<String>

        /// Makes a condition.
        public init(_ key: String, _ comparison: Comparison, _ values: Set<String> = []) {
            self.key = key
            self.comparison = comparison
            self.values = values
        }

        /// Whether labels meet the condition. NotIn and DoesNotExist hold where the key is absent.
        public func matches(_ labels: [String: String]) -> Bool {
            switch comparison {
            case .isIn: labels[key].map(values.contains) ?? false
            case .isNotIn: !(labels[key].map(values.contains) ?? false)
            case .exists: labels[key] != nil
            case .doesNotExist: labels[key] == nil
            }
        }
    }

    /// How a label is compared (meta/v1 LabelSelectorOperator).
    public enum Comparison: String, Sendable {
        case isIn = "In"
        case isNotIn = "NotIn"
        case exists = "Exists"
        case doesNotExist = "DoesNotExist"
    }

    /// The conditions.
    public let requirements: [Requirement]

    /// Makes a selector; without conditions it means everything.
    public init(_ requirements: [Requirement] = []) { self.requirements = requirements }

    /// Objects that have all these labels, as a Service's selector means it.
    public init(labels: [String: String]) {
        requirements = labels.sorted { $0.key < $1.key }.map { Requirement($0.key, .isIn, [$0.value]) }
    }

    /// Reads matchLabels and matchExpressions. What is malformed there selects nothing; validation has its own words
    /// for it.
    public init(_ value: JSONValue) {
        let labels = (value["matchLabels"]?.object ?? [:]).sorted { $0.key < $1.key }
        let expressions = value["matchExpressions"]?.array ?? []
        requirements =
            labels.map { Requirement($0.key, .isIn, $0.value.string.map { [$0] } ?? []) }
            + expressions.map {
                let values = Set(($0["values"]?.array ?? []).compactMap(\.string))
                let comparison = Comparison(rawValue: $0["operator"]?.string ?? "")
                return Requirement($0["key"]?.string ?? "", comparison ?? .isIn, comparison == nil ? [] : values)
            }
    }

    /// Whether labels meet all conditions.
    public func matches(_ labels: [String: String]) -> Bool { requirements.allSatisfy { $0.matches(labels) } }

    /// Whether everything is meant.
    public var isEmpty: Bool { requirements.isEmpty }
}

extension LabelSelector {
    /// Reads the form of query strings: `app=web,tier in (a,b),!headless`.
    ///
    /// - Throws: `APIStatus` (400) where it cannot be read.
    public init(parsing text: String) throws(APIStatus) {
        var requirements: [Requirement] = []
        for part in Self.parts(of: text) { requirements.append(try Self.requirement(part)) }
        self.requirements = requirements
    }

    /// The parts between commas outside of brackets.
    private static func parts(of text: String) -> [String] {
        var parts: [String] = []
        var part = ""
        var depth = 0
        for character in text {
            if character == "(" { depth += 1 }
            if character == ")" { depth -= 1 }
            if character == ",", depth == 0 {
                parts.append(part)
                part = ""
            } else {
                part.append(character)
            }
        }
        if !parts.isEmpty || !Words.trimmed(part).isEmpty { parts.append(part) }
        return parts.map(Words.trimmed)
    }

    private static func requirement(_ text: String) throws(APIStatus) -> Requirement {
        if text.hasPrefix("!"), !text.contains("=") {
            return Requirement(try key(String(text.dropFirst()), in: text), .doesNotExist)
        }
        if let open = text.firstIndex(of: "("), text.hasSuffix(")") {
            let words = text[..<open].split(separator: " ").map(String.init)
            let values = text[text.index(after: open)...].dropLast().split(
                separator: ",", omittingEmptySubsequences: false
            ).map { Words.trimmed(String($0)) }
            guard words.count == 2, ["in", "notin"].contains(words[1]) else { throw refusal(text) }
            return Requirement(try key(words[0], in: text), words[1] == "in" ? .isIn : .isNotIn, Set(values))
        }
        for (sign, comparison) in [("!=", Comparison.isNotIn), ("==", .isIn), ("=", .isIn)] {
            guard let range = Words.range(of: sign, in: text) else { continue }
            let value = Words.trimmed(String(text[range.upperBound...]))
            guard !value.contains(where: { "=!(),".contains($0) || $0.isWhitespace }) else { throw refusal(text) }
            return Requirement(try key(String(text[..<range.lowerBound]), in: text), comparison, [value])
        }
        return Requirement(try key(text, in: text), .exists)
    }

    private static func key(_ text: String, in whole: String) throws(APIStatus) -> String {
        let key = Words.trimmed(text)
        guard !key.isEmpty, key.utf8.allSatisfy({ Words.isNameByte($0) || $0 == UInt8(ascii: "/") }) else {
            throw refusal(whole)
        }
        return key
    }

    private static func refusal(_ text: String) -> APIStatus {
        .badRequest("unable to parse requirement: \"\(text.prefix(200))\" is no condition on a label")
    }
}
