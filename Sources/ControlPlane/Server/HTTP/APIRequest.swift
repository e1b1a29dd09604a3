internal import KubernetesModel
internal import NIOHTTP1

/// A request that is whole and whose sender is known.
struct APIRequest: Sendable {
    /// The method.
    let method: HTTPMethod
    /// The path as it was sent, without the query.
    let rawPath: String
    /// The decoded parts of the path.
    let path: [String]
    /// The parameters.
    let query: Query
    /// The header fields.
    let headers: HTTPHeaders
    /// The body; empty where there is none.
    let body: [UInt8]
    /// Who asks.
    let user: User

    /// - Throws: `APIStatus` (400) where the target cannot be read.
    init(_ head: HTTPRequestHead, body: [UInt8], user: User) throws(APIStatus) {
        let sides = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        rawPath = sides.first.map(String.init) ?? ""
        var path: [String] = []
        for part in rawPath.split(separator: "/") {
            guard let text = PercentEncoding.decode(part) else {
                throw .badRequest("the path \(rawPath.prefix(200)) cannot be read")
            }
            path.append(text)
        }
        self.path = path
        query = Query(parsing: sides.count > 1 ? sides[1] : "")
        method = head.method
        headers = head.headers
        self.body = body
        self.user = user
    }

    /// Who changes objects with this request, for the ownership of fields: what the client says, or the first word of
    /// its User-Agent.
    var fieldManager: String {
        if let manager = query["fieldManager"], !manager.isEmpty { return manager }
        let agent = headers.first(name: "user-agent") ?? ""
        let word = agent.prefix { $0 != "/" && $0 != " " }
        return word.isEmpty ? "unknown" : String(word.prefix(128))
    }

    /// The type of the body, lower case, without parameters; JSON where none is named.
    var contentType: String {
        let type = headers.first(name: "content-type") ?? ""
        let word = type.prefix { $0 != ";" }.filter { !$0.isWhitespace }.lowercased()
        return word.isEmpty ? "application/json" : word
    }
}

/// Who sends requests.
struct User: Sendable, Hashable {
    /// The name, such as `admin` or `system:serviceaccount:default:default`.
    let name: String
    /// The groups.
    let groups: [String]
    /// What tells a service account from others that had its name; empty for others.
    var uid = ""

    /// The person at the machine, who may do everything.
    static let admin = User(name: "kubernetes-admin", groups: ["system:masters", "system:authenticated"])
    /// Somebody without credentials.
    static let anonymous = User(name: "system:anonymous", groups: ["system:unauthenticated"])
}
