/// kubectl's template of texts and paths: `{range .items[*]}{.metadata.name}{"\n"}{end}`.
///
/// Paths have fields (`.a`, `['a.b']`, `.a\.b`), elements (`[0]`, `[-1]`, `[0:2]`, `[0,2]`), `*`, recursive descent
/// (`..a`) and filters (`[?(@.x=="y")]`). What is absent gives nothing.
public struct JSONPath: Hashable, Sendable {
    /// Why a template cannot be read, or not be carried out on a value.
    public struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
        /// What is wrong, in kubectl's words where it has some.
        public let description: String

        init(_ description: String) { self.description = description }
    }

    indirect enum Node: Hashable, Sendable {
        case text(String)
        case path([Step])
        case range([Step], [Node])
    }

    indirect enum Step: Hashable, Sendable {
        case root
        case current
        case literal(JSONValue)
        case field(String)
        case wildcard
        case recursive
        case slice(start: Int?, end: Int?, step: Int?)
        case union([[Step]])
        case filter([Step], Comparison, [Step])
    }

    enum Comparison: String, CaseIterable, Sendable {
        case exists = ""
        case equal = "=="
        case notEqual = "!="
        case lessOrEqual = "<="
        case greaterOrEqual = ">="
        case less = "<"
        case greater = ">"
    }

    let nodes: [Node]

    /// Reads a template.
    ///
    /// - Throws: `Failure` where it cannot be read.
    public init(parsing template: String) throws(Failure) {
        var parser = JSONPathParser(Array(template.unicodeScalars))
        nodes = try parser.template()
    }

    /// What the template prints of a value; several results of one path are separated by spaces.
    ///
    /// - Throws: `Failure` where an element is asked for that a list does not have, or of something that is no list.
    public func text(for value: JSONValue) throws(Failure) -> String {
        try JSONPathEvaluation(root: value).text(of: nodes, at: value)
    }

    /// The values that the paths of the template lead to, without its texts.
    ///
    /// - Throws: `Failure` as `text(for:)` does.
    public func values(in value: JSONValue) throws(Failure) -> [JSONValue] {
        var values: [JSONValue] = []
        for case .path(let steps) in nodes {
            values += try JSONPathEvaluation(root: value).values(of: steps, at: value)
        }
        return values
    }
}
