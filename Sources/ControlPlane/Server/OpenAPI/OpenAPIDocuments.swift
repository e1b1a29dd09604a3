internal import KubernetesModel

/// The OpenAPI documents, as far as kubectl insists on them.
final class OpenAPIDocuments: Sendable {
    init() {}
}
extension RequestService {
    func openAPI(_ request: APIRequest) throws(APIStatus) -> Answer { throw .unknownPath }
}
