import KubernetesModel

/// What the words behind `get`, `describe` and `delete` name: `TYPE[,TYPE…] [NAME…]` or `TYPE/NAME…`.
struct ResourceArguments {
    /// All objects of a kind, or one.
    struct Item: Hashable {
        let type: ResourceType
        let name: String?
    }

    let items: [Item]
    /// Whether one object is named by itself: it is shown without a list around it.
    let isSingle: Bool
    /// Whether all objects of several kinds are meant.
    let areSeveralKinds: Bool

    /// - Throws: `Complaint` in kubectl's words.
    init(_ words: [String], verb: String) throws {
        guard let first = words.first else {
            throw Complaint(
                "error: you must specify the type of resource to \(verb), such as pods or service/web",
                status: Exit.usage)
        }
        if words.contains(where: { $0.contains("/") }) {
            items = try words.map(Self.named)
        } else {
            let types = try first.split(separator: ",", omittingEmptySubsequences: false).flatMap {
                $0 == "all" ? Self.everything : [try ResourceType.word(String($0))]
            }
            let names = words.dropFirst()
            items = types.flatMap { type in
                names.isEmpty ? [Item(type: type, name: nil)] : names.map { Item(type: type, name: $0) }
            }
        }
        isSingle = items.count == 1 && items[0].name != nil
        areSeveralKinds = items.allSatisfy { $0.name == nil } && (first == "all" || Set(items.map(\.type)).count > 1)
    }

    /// The kinds that the word `all` stands for.
    private static var everything: [ResourceType] {
        ResourceType.all.filter { $0.categories.contains("all") }
    }

    private static func named(_ word: String) throws -> Item {
        let parts = word.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count > 1 else {
            throw Complaint(
                "error: there is no need to specify a resource type as a separate argument when passing arguments in "
                    + "resource/name form (e.g. 'lab get resource/<resource_name>' instead of 'lab get resource "
                    + "resource/<resource_name>'",
                status: Exit.usage)
        }
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
            throw Complaint(
                "error: arguments in resource/name form must have a single resource and name", status: Exit.usage)
        }
        return Item(type: try ResourceType.word(parts[0]), name: parts[1])
    }

    /// The kinds in the order in which they are asked for, each with its names.
    var types: [ResourceType] {
        var seen: Set<ResourceType> = []
        return items.map(\.type).filter { seen.insert($0).inserted }
    }
}
