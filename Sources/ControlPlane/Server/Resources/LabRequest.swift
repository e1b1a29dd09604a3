internal import KubernetesModel
internal import NIOHTTP1

/// What the machine's own command line asks of the server, over its Unix socket alone, besides the Kubernetes API.
enum LabRequest: String {
    /// `POST /lab/v1/apply`: a JSON array of objects, which are applied as one.
    case apply = "/lab/v1/apply"

    /// The request of a target, or nil where it is none of these.
    init?(_ target: String) {
        self.init(rawValue: String(target.prefix { $0 != "?" }))
    }
}

extension RequestService {
    /// Answers a request of the command line.
    func answer(_ request: APIRequest, _ own: LabRequest) async throws(APIStatus) -> Answer {
        switch own {
        case .apply:
            guard request.method == .POST else { throw .methodNotAllowed }
            return try await applyAll(request)
        }
    }

    /// Applies objects, all or none. The answer has an outcome for each object (`created`, `configured`, `unchanged`), or,
    /// with the status 422, the place and Status of each object that is refused.
    private func applyAll(_ request: APIRequest) async throws(APIStatus) -> Answer {
        guard case .array(let elements) = try json(request.body) else {
            throw .badRequest("the body is no array of objects")
        }
        var options = try writeOptions(request, kind: "PatchOptions")
        options.fieldManager = request.query["fieldManager"] ?? "lab"
        let results: [WriteResult]
        do throws(ApplyError) {
            results = try await registry.apply(elements.map { APIObject($0) }, options)
        } catch {
            let refusals = error.refusals.map { refusal -> JSONValue in
                ["index": .integer(Int64(refusal.index)), "status": refusal.status.value]
            }
            return .json(["refusals": .array(refusals)], .unprocessableEntity)
        }
        let outcomes = results.map { result -> JSONValue in
            var fields: [String: JSONValue] = ["outcome": .string(result.outcome.rawValue)]
            if !result.warnings.isEmpty { fields["warnings"] = .array(result.warnings.map { .string($0) }) }
            return .object(fields)
        }
        return .json(["results": .array(outcomes)])
    }
}
