internal import KubernetesModel
internal import Logging
internal import NIOCore

/// Answers requests: what all connections of a server share.
final class RequestService: Sendable {
    let registry: Registry
    let runtime: any PodRuntime
    let credentials: Credentials
    let version: ServerVersion
    let limits: ServerLimits
    let budget: ByteBudget
    let group: any EventLoopGroup
    let logger: Logger
    let parseYAML: @Sendable ([UInt8]) throws(APIStatus) -> JSONValue
    let pages = ListPages()
    let documents = Documents()

    var store: ObjectStore { registry.store }

    init(
        registry: Registry, runtime: any PodRuntime, credentials: Credentials, version: ServerVersion,
        limits: ServerLimits, group: any EventLoopGroup, logger: Logger,
        parseYAML: @escaping @Sendable ([UInt8]) throws(APIStatus) -> JSONValue
    ) {
        self.registry = registry
        self.runtime = runtime
        self.credentials = credentials
        self.version = version
        self.limits = limits
        budget = ByteBudget(limit: limits.bodyBytesTogether)
        self.group = group
        self.logger = logger
        self.parseYAML = parseYAML
    }

    /// Answers a request, whatever it asks.
    func answer(_ received: ReceivedRequest) async -> Answer {
        // The body's room is free when the request is answered.
        defer { withExtendedLifetime(received.room) {} }
        guard let user = received.user else { return .refusal(.unauthorized) }
        do throws(APIStatus) {
            let request = try APIRequest(received.head, body: Array(received.body.readableBytesView), user: user)
            let answer =
                if received.isLocal, let own = LabRequest(received.head.uri) {
                    try await answer(request, own)
                } else {
                    try await route(request)
                }
            return request.query.flag("pretty") ? answer.prettyPrinted : answer
        } catch {
            return .refusal(error)
        }
    }

    private func route(_ request: APIRequest) async throws(APIStatus) -> Answer {
        switch request.path.first {
        case "api", "apis":
            if let target = try ResourceTarget(request.path) { return try await answer(request, about: target) }
            if let review = try review(request) { return review }
            return try discovery(request)
        case "version" where request.path.count == 1: return .json(version.value)
        case "healthz", "readyz", "livez": return .text(request.query.has("verbose") ? "ok\n" : "ok")
        case "openapi": return try openAPI(request)
        case nil:
            return .json([
                "paths": ["/api", "/apis", "/healthz", "/livez", "/openapi/v2", "/openapi/v3", "/readyz", "/version"]
            ])
        default: throw .unknownPath
        }
    }
}

extension APIStatus {
    /// 401: nobody known.
    static let unauthorized = APIStatus(code: 401, reason: "Unauthorized", message: "Unauthorized")

    /// 406: none of the forms that the client takes can be given.
    static let notAcceptable = APIStatus(
        code: 406, reason: "NotAcceptable",
        message: "only the following media types are accepted: application/json")
}

extension Answer {
    /// The answer for people; what is no whole JSON document stays as it is.
    fileprivate var prettyPrinted: Answer {
        guard case .whole(let body) = content,
            headers["content-type"].contains(where: { $0.hasPrefix("application/json") }),
            let value = try? JSONValue(parsing: body.readableBytesView)
        else { return self }
        var answer = self
        answer.content = .whole(ByteBuffer(string: value.prettyText(indentation: 2) + "\n"))
        return answer
    }
}
