internal import Crypto
internal import FoundationEssentials
internal import Glibc
internal import NIOHTTP1
internal import NIOSSL
internal import X509

/// Who may use a lab's API, and how its server proves that it is the lab's: a certificate authority with a certificate
/// for the server, a token for the person at the machine, and tokens for service accounts.
///
/// Everything is kept in files of a directory that only its owner can read, so that it survives the process.
public final class Credentials: Sendable {
    /// The authority's certificate as PEM: what clients check the server against, `ca.crt` in pods.
    public let authorityCertificate: String
    /// The token of the person at the machine, who may do everything.
    public let adminToken: String

    private let adminDigest: SHA256Digest
    private let accounts: ServiceAccountTokens
    private let chain: [NIOSSLCertificate]
    private let key: NIOSSLPrivateKey

    /// Reads the credentials of a directory, and makes what is missing. A server certificate that lacks a name is made
    /// anew; the authority and the tokens stay.
    ///
    /// - Parameters:
    ///   - directory: where the files are; it is made, for its owner only, where it is missing.
    ///   - names: under which names clients reach the server.
    ///   - clusterDomain: the cluster's domain, such as `cluster.local`.
    /// - Throws: `CredentialsError`.
    public init(directory: String, names: ServerNames, clusterDomain: String) throws(CredentialsError) {
        guard mkdir(directory, 0o700) == 0 || errno == EEXIST else {
            throw .file(action: "create", path: directory, errno: errno)
        }
        let authority = try CertificateAuthority(directory: directory)
        let serverKey = try PrivateKeyFile(path: "\(directory)/server.key").open()
        let certificate = try Self.serverCertificate(directory, authority, serverKey.publicKey, names)
        authorityCertificate = try authority.certificate.pem()
        adminToken = try Self.adminToken(PrivateFile(path: "\(directory)/admin.token"))
        adminDigest = SHA256.hash(data: Array(adminToken.utf8))
        accounts = ServiceAccountTokens(
            key: try PrivateKeyFile(path: "\(directory)/service-account.key").open(), clusterDomain: clusterDomain)
        do {
            chain = try NIOSSLCertificate.fromPEMBytes(Array(try certificate.pem().utf8))
            key = try NIOSSLPrivateKey(bytes: Array(serverKey.pemRepresentation.utf8), format: .pem)
        } catch {
            throw .malformed(path: "\(directory)/server.crt", reason: "\(error)")
        }
    }

    private static func serverCertificate(
        _ directory: String, _ authority: CertificateAuthority, _ key: P256.Signing.PublicKey, _ names: ServerNames
    ) throws(CredentialsError) -> Certificate {
        let file = PrivateFile(path: "\(directory)/server.crt")
        if let found = try file.certificate(), found.publicKey == Certificate.PublicKey(key),
            authority.certificate.publicKey.isValidSignature(found.signature, for: found),
            found.notValidAfter > authority.certificate.notValidAfter.addingTimeInterval(-86_400),
            let shown = try? found.extensions.subjectAlternativeNames, Set(shown) == Set(names.general)
        {
            return found
        }
        let certificate = try authority.sign(key, names: names)
        try file.write(certificate)
        return certificate
    }

    private static func adminToken(_ file: PrivateFile) throws(CredentialsError) -> String {
        if let bytes = try file.read() {
            let token = String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace }
            guard token.utf8.count >= 32 else { throw .malformed(path: file.path, reason: "it is too short") }
            return token
        }
        var generator = SystemRandomNumberGenerator()
        let token = Base64URL.encode((0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) })
        try file.write(Array("\(token)\n".utf8))
        return token
    }

    /// A new token of a service account, as pods get it mounted.
    ///
    /// - Parameters:
    ///   - namespace: the account's namespace.
    ///   - name: its name.
    ///   - uid: its uid, or empty.
    /// - Throws: `CredentialsError` where it cannot be signed.
    public func serviceAccountToken(
        namespace: String, name: String, uid: String = ""
    ) throws(CredentialsError) -> String {
        try accounts.token(namespace: namespace, name: name, uid: uid)
    }

    // MARK: - What the server needs

    /// Who sends a request, by its `Authorization: Bearer`; nil for strangers.
    func user(of headers: HTTPHeaders) -> User? {
        let fields = headers["authorization"]
        guard fields.count == 1, let field = fields.first else { return nil }
        let words = field.split(separator: " ", maxSplits: 1)
        guard words.count == 2, words[0].lowercased() == "bearer" else { return nil }
        let token = String(words[1]).filter { !$0.isWhitespace }
        // Digests are compared in constant time.
        if SHA256.hash(data: Array(token.utf8)) == adminDigest { return .admin }
        return accounts.user(of: token)
    }

    /// TLS as the server speaks it.
    func serverContext() throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        return try NIOSSLContext(configuration: configuration)
    }
}
