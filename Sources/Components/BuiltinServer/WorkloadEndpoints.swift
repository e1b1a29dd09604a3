import NIOHTTP1

/// The HTTP endpoints: those of agnhost netexec that a server which serves many pods can have, and `/seen`.
///
/// As there, a path that is not known is answered as `/` is, so that a backend of an Ingress answers on every path.
struct WorkloadEndpoints: Sendable {
    /// What a request comes to.
    enum Outcome: Equatable, Sendable {
        case answer(HTTPAnswer)
        case dial(DialRequest)
    }

    let identity: WorkloadIdentity
    let limits: BuiltinServerLimits

    /// Answers a request whose body had `length` bytes.
    func outcome(of head: HTTPRequestHead, length: Int, flow: ObservedFlow) -> Outcome {
        guard let target = RequestTarget(head.uri) else {
            return .answer(.text("the request's target has a malformed % escape", status: .badRequest))
        }
        switch target.path {
        case "/clientip": return .answer(.text(flow.clientText))
        case "/dial": return dial(target.query)
        case "/echo": return .answer(echo(target.query))
        case "/healthz": return .answer(.text(""))
        case "/header": return .answer(header(target.query, head.headers))
        case "/seen":
            let id = target.query.text("id") ?? ""
            return .answer(.json(Observation(identity: identity, flow: flow, id: id, length: length).json))
        case "/exit", "/shutdown": return .answer(refusal(target.path, "end the server, which serves other pods too"))
        case "/shell", "/upload": return .answer(refusal(target.path, "run or write something outside the pod"))
        default: return .answer(.text(identity.pod))
        }
    }

    private func dial(_ query: QueryString) -> Outcome {
        do {
            return .dial(try DialRequest(query, mostTries: limits.dialTries))
        } catch {
            return .answer(.text(error.sentence, status: .badRequest))
        }
    }

    /// `code` is the response's status, 200 unless told.
    private func echo(_ query: QueryString) -> HTTPAnswer {
        var answer = HTTPAnswer(body: query.bytes("msg") ?? [])
        guard let text = query.text("code"), !text.isEmpty else { return answer }
        guard let code = Int(text), (200...599).contains(code) else {
            return .text("argument 'code' must be a status from 200 to 599 or empty", status: .badRequest)
        }
        answer.status = HTTPResponseStatus(statusCode: code)
        return answer
    }

    /// The first value of the header field `key`; all fields as JSON where no key is given.
    private func header(_ query: QueryString, _ headers: HTTPHeaders) -> HTTPAnswer {
        if let key = query.text("key"), !key.isEmpty { return .text(headers.first(name: key) ?? "") }
        let names = Set(headers.map { $0.name.lowercased() }).sorted()
        let fields = names.map { (name: $0, value: JSONText.array(headers[$0].map(JSONText.string))) }
        return .json(JSONText.object(fields))
    }

    private func refusal(_ path: String, _ consequence: String) -> HTTPAnswer {
        .text("\(path) is not served here: it would \(consequence)", status: .forbidden)
    }
}
