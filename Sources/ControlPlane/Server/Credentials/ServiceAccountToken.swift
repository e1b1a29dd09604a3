internal import Crypto
internal import FoundationEssentials
internal import KubernetesModel

/// Makes and checks the tokens of service accounts: JSON Web Tokens signed with ES256 (RFC 7519), with the claims that
/// the API server's own have.
struct ServiceAccountTokens: Sendable {
    private let key: P256.Signing.PrivateKey
    private let issuer: String
    private static let audience = "https://kubernetes.default.svc"
    private static let lifetime: TimeInterval = 365 * 86_400

    init(key: P256.Signing.PrivateKey, clusterDomain: String) {
        self.key = key
        issuer = "\(Self.audience).\(clusterDomain)"
    }

    /// A new token.
    func token(namespace: String, name: String, uid: String, now: Date = .now) throws(CredentialsError) -> String {
        let seconds = Int64(now.timeIntervalSince1970)
        var account: [String: JSONValue] = ["name": .string(name)]
        account["uid"] = .string(uid)
        let claims: JSONValue = [
            "aud": [.string(Self.audience)], "iss": .string(issuer), "iat": .integer(seconds), "nbf": .integer(seconds),
            "exp": .integer(seconds + Int64(Self.lifetime)),
            "sub": .string("system:serviceaccount:\(namespace):\(name)"),
            "kubernetes.io": ["namespace": .string(namespace), "serviceaccount": .object(account)],
        ]
        let header: JSONValue = ["alg": "ES256", "typ": "JWT"]
        let text = "\(Base64URL.encode(header.bytes)).\(Base64URL.encode(claims.bytes))"
        do {
            let signature = try key.signature(for: Array(text.utf8))
            return "\(text).\(Base64URL.encode(signature.rawRepresentation))"
        } catch {
            throw .signing("\(error)")
        }
    }

    /// Whose token it is; nil where it is not this lab's or has expired.
    func user(of token: String, now: Date = .now) -> User? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, token.utf8.count <= 8192, let signature = Base64URL.decode(parts[2]),
            let signature = try? P256.Signing.ECDSASignature(rawRepresentation: signature),
            key.publicKey.isValidSignature(signature, for: Array("\(parts[0]).\(parts[1])".utf8)),
            let claims = Base64URL.decode(parts[1]).flatMap({ try? JSONValue(parsing: $0) }),
            claims["iss"]?.string == issuer, let end = claims["exp"]?.integer,
            end > Int64(now.timeIntervalSince1970), let subject = claims["sub"]?.string,
            let namespace = claims[path: ["kubernetes.io", "namespace"]]?.string
        else { return nil }
        return User(
            name: subject,
            groups: ["system:serviceaccounts", "system:serviceaccounts:\(namespace)", "system:authenticated"],
            uid: claims[path: ["kubernetes.io", "serviceaccount", "uid"]]?.string ?? "")
    }
}
