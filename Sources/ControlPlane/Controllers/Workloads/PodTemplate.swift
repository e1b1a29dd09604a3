import KubernetesModel

/// What is done with templates of pods (core/v1 PodTemplateSpec).
enum PodTemplate {
    static let hashLabel = "pod-template-hash"

    /// A pod as a ReplicaSet's template says; its name is to be generated.
    static func pod(from owner: APIObject) -> APIObject {
        let template = owner["spec", "template"] ?? .object([:])
        var pod = APIObject(.pods, namespace: owner.namespace, name: "")
        pod["spec"] = template["spec"] ?? .object([:])
        for field in ["labels", "annotations", "finalizers"] {
            pod.value[path: ["metadata", field]] = template[path: ["metadata", field]]
        }
        pod["metadata", "generateName"] = .string(owner.name + "-")
        pod.ownerReferences = [OwnerReference(controller: owner)]
        return pod
    }

    /// Whether two templates make the same pods, whatever their hashes.
    static func areEqual(_ one: JSONValue, _ other: JSONValue) -> Bool { normal(one) == normal(other) }

    /// The template without its hash and what says nothing.
    private static func normal(_ template: JSONValue) -> JSONValue {
        var template = template
        var metadata = template["metadata"]?.object ?? [:]
        var labels = metadata["labels"]?.object ?? [:]
        labels[hashLabel] = nil
        metadata["labels"] = labels.isEmpty ? nil : .object(labels)
        metadata = metadata.filter { !$0.value.isNull }
        template["metadata"] = metadata.isEmpty ? nil : .object(metadata)
        return template
    }

    /// Ten letters and digits that stand for a template, the same for the same one; FNV-1a in the alphabet that cannot
    /// spell words.
    static func hash(_ template: JSONValue, collisionCount: Int) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        let suffix = collisionCount == 0 ? "" : String(collisionCount)
        for byte in normal(template).bytes + Array(suffix.utf8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let alphabet = Array("bcdfghjklmnpqrstvwxz2456789")
        var text = ""
        for _ in 0..<10 {
            text.append(alphabet[Int(hash % UInt64(alphabet.count))])
            hash /= UInt64(alphabet.count)
        }
        return text
    }

    /// A template, selector or label set with the hash added to it.
    static func adding(_ hash: String, to template: JSONValue) -> JSONValue {
        var template = template
        template[path: ["metadata", "labels", hashLabel]] = .string(hash)
        return template
    }
}
