internal import KubernetesModel

/// Questions about the asker, which are answered and not kept.
enum ReviewKind: CaseIterable, Sendable {
    /// authentication.k8s.io/v1 SelfSubjectReview: who am I?
    case selfSubject
    /// authorization.k8s.io/v1 SelfSubjectAccessReview: may I?
    case selfSubjectAccess

    var group: String { self == .selfSubject ? "authentication.k8s.io" : "authorization.k8s.io" }
    var kind: String { self == .selfSubject ? "SelfSubjectReview" : "SelfSubjectAccessReview" }
    var plural: String { "\(kind.lowercased())s" }
}

extension RequestService {
    /// Answers a question about the asker; nil where the path is no such question.
    func review(_ request: APIRequest) throws(APIStatus) -> Answer? {
        guard request.path.count == 4, request.path[0] == "apis", request.path[2] == "v1",
            let kind = ReviewKind.allCases.first(where: { $0.group == request.path[1] && $0.plural == request.path[3] })
        else { return nil }
        guard request.method == .POST else {
            throw .methodNotSupported("the server does not allow this method on the requested resource")
        }
        // kubectl asks in protobuf. The answer is the same whatever is asked, so that it need not be read.
        let isProtobuf = request.contentType == "application/vnd.kubernetes.protobuf"
        let asked = isProtobuf ? [:] : try body(of: request)
        var review: [String: JSONValue] = [
            "apiVersion": .string("\(kind.group)/v1"), "kind": .string(kind.kind),
            "metadata": ["creationTimestamp": .null],
        ]
        switch kind {
        case .selfSubject:
            var user: [String: JSONValue] = [
                "username": .string(request.user.name), "groups": .array(request.user.groups.map { .string($0) }),
            ]
            if !request.user.uid.isEmpty { user["uid"] = .string(request.user.uid) }
            review["status"] = ["userInfo": .object(user)]
        case .selfSubjectAccess:
            review["spec"] = asked["spec"] ?? [:]
            review["status"] = ["allowed": true, "reason": "whoever has the lab's credentials may do everything"]
        }
        return .json(.object(review), .created)
    }
}
