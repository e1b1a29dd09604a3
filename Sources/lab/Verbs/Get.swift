import ArgumentParser
import KubernetesModel
import Runtime

/// `lab get`
struct Get: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "List objects of a lab, or show some, as kubectl get does.",
        usage: "lab get TYPE[,TYPE …] [NAME …] [-o FORMAT]\n  lab get TYPE/NAME … | all",
        discussion: """
            TYPE is a kind's name in any of kubectl's spellings: pods, pod, po. FORMAT is wide, json, yaml, name, \
            jsonpath=TEMPLATE or custom-columns=HEADING:PATH,… . lab get all shows pods, Services, Deployments and ReplicaSets.
            """)

    @Argument(help: "What to show.")
    var resources: [String] = []

    @Option(name: [.short, .long], help: "The objects' namespace.")
    var namespace = "default"

    @Flag(name: [.customShort("A"), .long], help: "The objects of all namespaces.")
    var allNamespaces = false

    @Option(name: [.customShort("l"), .long], help: "Only objects with these labels: app=web,tier!=db.")
    var selector: String?

    @Option(help: "Only objects with these fields: status.phase=Running.")
    var fieldSelector: String?

    @Option(
        name: [.customShort("o", allowingJoined: true), .long],
        help: "wide, json, yaml, name, jsonpath=…, custom-columns=….")
    var output: String?

    @Flag(name: [.short, .long], help: "Go on to show every change.")
    var watch = false

    @Flag(help: "Show every change, and not what there is now.")
    var watchOnly = false

    @Flag(help: "Show the labels in a last column.")
    var showLabels = false

    @Flag(help: "Show no headings.")
    var noHeaders = false

    @Option(help: "Sort by the value of a field: .metadata.name.")
    var sortBy: String?

    @Flag(help: "Show nothing, and be content, where a named object does not exist.")
    var ignoreNotFound = false

    @Flag(help: "Show in JSON and YAML who owns which field.")
    var showManagedFields = false

    @OptionGroup var selection: LabSelection

    func run() throws {
        let arguments = try ResourceArguments(resources, verb: "get")
        let format = try ObjectFormat(parsing: output)
        if watch || watchOnly, arguments.types.count > 1 || arguments.items.count > 1 {
            throw Complaint("error: you may only specify a single resource type", status: Exit.usage)
        }
        if arguments.items.contains(where: { $0.name != nil }) {
            if allNamespaces {
                throw Complaint(
                    "error: a resource cannot be retrieved by name across all namespaces", status: Exit.usage)
            }
            if selector != nil || fieldSelector != nil {
                throw Complaint(
                    "error: selectors and names cannot be used together: name objects or select them",
                    status: Exit.usage)
            }
        }
        let sorting = try sortBy.map { try Sorting($0) }
        let reading = ObjectReading(self, arguments, format, sorting, try LabAPI(selection))
        try reading.run()
    }
}

/// The order of `--sort-by`.
struct Sorting {
    private let path: JSONPath

    /// - Throws: `Complaint` where the field cannot be read.
    init(_ field: String) throws {
        var text = field.hasPrefix("{") && field.hasSuffix("}") ? String(field.dropFirst().dropLast()) : field
        if !text.hasPrefix(".") { text = "." + text }
        do { path = try JSONPath(parsing: "{\(text)}") } catch {
            throw Complaint("error: \(error)", status: Exit.usage)
        }
    }

    /// Elements in the order of their objects' fields; those without the field come first.
    func sorted<Element>(_ elements: [Element], _ object: (Element) -> APIObject) throws -> [Element] {
        let keyed = try elements.enumerated().map { index, element in
            (key: try path.values(in: object(element).value).first, index: index, element: element)
        }
        return keyed.sorted { one, other in
            Self.precedes(one.key, other.key) ?? (one.index < other.index)
        }.map(\.element)
    }

    private static func precedes(_ one: JSONValue?, _ other: JSONValue?) -> Bool? {
        switch (one, other) {
        case (nil, nil): return nil
        case (nil, _): return true
        case (_, nil): return false
        case (.integer(let a), .integer(let b)): return a == b ? nil : a < b
        case (.some(let a), .some(let b)):
            let (x, y) = (a.string ?? a.text, b.string ?? b.text)
            return x == y ? nil : x < y
        }
    }
}
