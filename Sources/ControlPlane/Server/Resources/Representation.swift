internal import KubernetesModel

/// In which form a client takes objects.
enum Representation: Sendable, Hashable {
    /// As they are.
    case object
    /// As rows for people (meta/v1 Table).
    case table(apiVersion: String)
    /// Only their metadata (meta/v1 PartialObjectMetadata and its list).
    case metadata(apiVersion: String)

    /// Chooses the first form of an Accept header field that can be given.
    ///
    /// - Throws: `APIStatus` (406) where none can.
    init(accept: [String]) throws(APIStatus) {
        let ranges = MediaRange.list(accept)
        if ranges.isEmpty {
            self = .object
            return
        }
        for range in ranges {
            if let form = Self(range) {
                self = form
                return
            }
        }
        throw .notAcceptable
    }

    private init?(_ range: MediaRange) {
        guard ["application/json", "application/*", "*/*"].contains(range.type) else { return nil }
        guard let form = range["as"] else {
            self = .object
            return
        }
        guard range["g"] == "meta.k8s.io", let version = range["v"], ["v1", "v1beta1"].contains(version) else {
            return nil
        }
        switch form {
        case "Table": self = .table(apiVersion: "meta.k8s.io/\(version)")
        case "PartialObjectMetadata", "PartialObjectMetadataList":
            self = .metadata(apiVersion: "meta.k8s.io/\(version)")
        default: return nil
        }
    }
}

/// One of the types that a client takes (RFC 9110, 12.5.1).
struct MediaRange: Sendable {
    /// The type without parameters, lower case.
    let type: String
    private let parameters: [String: String]

    /// A parameter, or nil.
    subscript(name: String) -> String? { parameters[name] }

    /// The types of Accept header fields, the preferred ones first.
    static func list(_ fields: [String]) -> [MediaRange] {
        let ranges = fields.flatMap { $0.split(separator: ",") }.compactMap { MediaRange($0) }
        // The sort is stable: of equally liked ones the first counts.
        return ranges.filter { $0.weight > 0 }.sorted { $0.weight > $1.weight }
    }

    private init?(_ text: Substring) {
        let parts = text.split(separator: ";").map { $0.filter { !$0.isWhitespace } }
        guard let type = parts.first, type.contains("/") else { return nil }
        self.type = type.lowercased()
        var parameters: [String: String] = [:]
        for part in parts.dropFirst() {
            let sides = part.split(separator: "=", maxSplits: 1).map(String.init)
            if sides.count == 2 { parameters[sides[0].lowercased()] = sides[1] }
        }
        self.parameters = parameters
    }

    private var weight: Double { parameters["q"].flatMap(Double.init) ?? 1 }
}
