import KubernetesModel
import Testing

/// A good object with changes that make it faulty, and the faults.
struct FaultSample: Sendable, CustomTestStringConvertible {
    let type: ResourceType
    let changes: [(path: String, value: JSONValue?)]
    let faults: [String]

    init(_ type: ResourceType, _ changes: [(path: String, value: JSONValue?)], _ faults: String...) {
        self.type = type
        self.changes = changes
        self.faults = faults
    }

    var testDescription: String {
        "\(type.kind) " + changes.map { "\($0.path)=\($0.value?.text ?? "nothing")" }.joined(separator: ", ")
    }

    static let all = metadata + services + endpoints + policies + ingresses + workloads + others

    static let label =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with "
        + "an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is "
        + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?')"

    static let subdomain =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and "
        + "end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
        + "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
}
