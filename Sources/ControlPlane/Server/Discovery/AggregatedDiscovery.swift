internal import KubernetesModel

/// Discovery in one answer, as kubectl asks for it since 1.26 (apidiscovery.k8s.io APIGroupDiscoveryList).
enum AggregatedDiscovery {
    /// The version that a client takes, v2 or v2beta1; nil where it takes plain lists only.
    static func version(accept: [String]) -> String? {
        for range in MediaRange.list(accept) where range.type == "application/json" {
            if range["as"] == nil { return nil }
            if range["as"] == "APIGroupDiscoveryList", range["g"] == "apidiscovery.k8s.io",
                let version = range["v"], ["v2", "v2beta1"].contains(version)
            {
                return version
            }
        }
        return nil
    }

    /// The answer for the core group or for all others.
    static func answer(version: String, groups: [String]) -> Answer {
        let document: JSONValue = [
            "kind": "APIGroupDiscoveryList", "apiVersion": .string("apidiscovery.k8s.io/\(version)"), "metadata": [:],
            "items": .array(groups.map(group)),
        ]
        return .json(
            document, type: "application/json;g=apidiscovery.k8s.io;v=\(version);as=APIGroupDiscoveryList")
    }

    private static func group(_ name: String) -> JSONValue {
        let types = ResourceType.all.filter { $0.group == name }
        let reviews = ReviewKind.allCases.filter { $0.group == name }
        return [
            "metadata": name.isEmpty ? [:] : ["name": .string(name)],
            "versions": [
                [
                    "version": .string(Documents.version(of: name)), "freshness": "Current",
                    "resources": .array(types.map(resource) + reviews.map(review)),
                ]
            ],
        ]
    }

    private static func resource(_ type: ResourceType) -> JSONValue {
        var fields: [String: JSONValue] = [
            "resource": .string(type.plural), "singularResource": .string(type.singular),
            "scope": type.isNamespaced ? "Namespaced" : "Cluster", "verbs": Documents.verbs(of: type),
            "responseKind": kind((type.group, type.version, type.kind)),
        ]
        if !type.shortNames.isEmpty { fields["shortNames"] = .array(type.shortNames.map { .string($0) }) }
        if !type.categories.isEmpty { fields["categories"] = .array(type.categories.map { .string($0) }) }
        if !type.subresources.isEmpty {
            fields["subresources"] = .array(
                type.subresources.map { name in
                    [
                        "subresource": .string(name), "verbs": Subresources.verbs(name),
                        "responseKind": kind(Subresources.response(name, type)),
                    ]
                })
        }
        return .object(fields)
    }

    private static func review(_ review: ReviewKind) -> JSONValue {
        [
            "resource": .string(review.plural), "singularResource": .string(review.kind.lowercased()),
            "scope": "Cluster",
            "verbs": ["create"], "responseKind": kind((review.group, "v1", review.kind)),
        ]
    }

    private static func kind(_ name: (group: String, version: String, kind: String)) -> JSONValue {
        ["group": .string(name.group), "version": .string(name.version), "kind": .string(name.kind)]
    }
}
