import Foundation

/// Any JSON text, for comparing what nft prints.
indirect enum JSON: Hashable {
    case null
    case number(Double)
    case string(String)
    case array([JSON])
    case object([String: JSON])

    struct Unreadable: Error {}

    init(_ data: Data) throws {
        try self.init(JSONSerialization.jsonObject(with: data))
    }

    private init(_ value: Any) throws {
        switch value {
        case is NSNull: self = .null
        case let value as String: self = .string(value)
        case let values as [Any]: self = .array(try values.map { try JSON($0) })
        case let members as [String: Any]: self = .object(try members.mapValues { try JSON($0) })
        case let value as NSNumber: self = .number(value.doubleValue)
        default: throw Unreadable()
        }
    }

    subscript(_ key: String) -> JSON? {
        if case .object(let members) = self { members[key] } else { nil }
    }

    var elements: [JSON] {
        if case .array(let elements) = self { elements } else { [] }
    }

    /// Without handles and the time that elements have left, and with the elements of sets and maps in one order, since the kernel keeps none.
    var normalized: JSON {
        switch self {
        case .array(let values):
            return .array(values.map(\.normalized))
        case .object(let members):
            var kept = members.filter { !["handle", "expires"].contains($0.key) }.mapValues(\.normalized)
            if case .array(let elements) = kept["elem"] {
                kept["elem"] = .array(elements.map { ($0, $0.text) }.sorted { $0.1 < $1.1 }.map(\.0))
            }
            return .object(kept)
        case .null, .number, .string:
            return self
        }
    }

    /// The texts of a ruleset's objects in one order, whichever they were made in. A rule's also says its place in its chain.
    var objectTexts: [String] {
        var places: [String: Int] = [:]
        let texts = (self["nftables"]?.elements ?? []).map { object -> String in
            guard let rule = object["rule"] else { return object.text }
            let names: [String] = ["family", "table", "chain"].map { rule[$0]?.text ?? "" }
            let chain = names.joined(separator: " ")
            places[chain, default: 0] += 1
            return "\(chain) \(places[chain, default: 0]): \(object.text)"
        }
        return texts.sorted()
    }

    /// The objects of a ruleset that are in it and not in another one.
    func objects(notIn other: JSON) -> String {
        let others = Set((other["nftables"]?.elements ?? []).map(\.text))
        return (self["nftables"]?.elements ?? []).map(\.text).filter { !others.contains($0) }.joined(separator: "\n")
    }

    /// A text that is the same for equal values.
    var text: String {
        switch self {
        case .null: "null"
        case .number(let value): "\(value)"
        case .string(let value): "\"\(value)\""
        case .array(let values): "[" + values.map(\.text).joined(separator: ",") + "]"
        case .object(let members):
            "{" + members.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value.text)" }.joined(separator: ",") + "}"
        }
    }
}
