internal import KubernetesModel

/// Which part of a container's output is wanted (core/v1 PodLogOptions).
struct LogOptions: Sendable {
    let container: String?
    let follows: Bool
    let isPrevious: Bool
    let tailLines: Int64?
    let limitBytes: Int64?
    /// Seconds back from now, where the client says so by a number.
    let sinceSeconds: Int64?

    /// - Throws: `APIStatus` (422) where a number is none or out of range.
    init(_ query: Query, pod: String) throws(APIStatus) {
        container = query["container"].flatMap { $0.isEmpty ? nil : $0 }
        follows = query.flag("follow")
        isPrevious = query.flag("previous")
        tailLines = try Self.number(query, "tailLines", least: 0, pod)
        limitBytes = try Self.number(query, "limitBytes", least: 1, pod)
        sinceSeconds = try Self.number(query, "sinceSeconds", least: 1, pod)
        if sinceSeconds != nil, query.has("sinceTime") {
            throw RequestService.invalidLogOptions(
                pod, .forbidden("sinceSeconds", "at most one of `sinceTime` or `sinceSeconds` may be specified"))
        }
    }

    private static func number(
        _ query: Query, _ name: String, least: Int64, _ pod: String
    ) throws(APIStatus) -> Int64? {
        guard let text = query[name], !text.isEmpty else { return nil }
        guard let number = Int64(text) else {
            throw .badRequest("the parameter \(name) is no whole number: \"\(text.prefix(50))\"")
        }
        guard number >= least else {
            let bound = least == 0 ? "must be greater than or equal to 0" : "must be greater than 0"
            throw RequestService.invalidLogOptions(pod, .invalid(name, .integer(number), bound))
        }
        return number
    }
}

extension RequestService {
    fileprivate static func invalidLogOptions(_ pod: String, _ fault: FieldError) -> APIStatus {
        var details = APIStatus.Details()
        details.name = pod
        details.kind = "PodLogOptions"
        details.causes = [fault]
        return APIStatus(
            code: 422, reason: "Invalid", message: "PodLogOptions \"\(pod)\" is invalid: \(fault)", details: details)
    }

    /// A container's output.
    func log(_ request: APIRequest, _ key: ObjectKey) async throws(APIStatus) -> Answer {
        let options = try LogOptions(request.query, pod: key.name)
        guard store.object(key) != nil else { throw .notFound(key) }
        let log = try await runtime.log(of: key, container: options.container, previous: options.isPrevious)
        let file = try LogFile(log.path)
        let piece = limits.pieceBytes
        let write: @Sendable (AnswerBody) async throws -> Void = { body in
            var reader = LogReader(file, options, pieceBytes: piece)
            while let bytes = try await reader.next(log) { try await body.write(bytes) }
        }
        return options.follows ? .stream(type: "text/plain", write) : .pieces(type: "text/plain", write)
    }
}
