public import Addressing
internal import Crypto
internal import FoundationEssentials
internal import X509

/// The lab's own certificate authority, which signs what its API server shows to clients.
struct CertificateAuthority: Sendable {
    let certificate: Certificate
    private let key: P256.Signing.PrivateKey

    private static let lifetime: TimeInterval = 10 * 365 * 86_400
    /// How far clocks may be apart.
    private static let slack: TimeInterval = 3600

    /// Reads the authority of a directory, or makes it.
    init(directory: String) throws(CredentialsError) {
        let certificateFile = PrivateFile(path: "\(directory)/ca.crt")
        let key = try PrivateKeyFile(path: "\(directory)/ca.key").open()
        self.key = key
        if let found = try certificateFile.certificate(), found.publicKey == Certificate.PublicKey(key.publicKey),
            found.notValidAfter > Date.now.addingTimeInterval(Self.lifetime / 10)
        {
            certificate = found
            return
        }
        do {
            let name = try DistinguishedName { CommonName("lab CA") }
            certificate = try Certificate(
                version: .v3, serialNumber: Certificate.SerialNumber(),
                publicKey: Certificate.PublicKey(key.publicKey),
                notValidBefore: Date.now.addingTimeInterval(-Self.slack),
                notValidAfter: Date.now.addingTimeInterval(Self.lifetime), issuer: name, subject: name,
                signatureAlgorithm: .ecdsaWithSHA256,
                extensions: Certificate.Extensions {
                    Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                    Critical(KeyUsage(digitalSignature: true, keyCertSign: true, cRLSign: true))
                    SubjectKeyIdentifier(hash: Certificate.PublicKey(key.publicKey))
                }, issuerPrivateKey: Certificate.PrivateKey(key))
        } catch {
            throw .signing("\(error)")
        }
        try certificateFile.write(certificate)
    }

    /// Signs the certificate of a server.
    func sign(_ publicKey: P256.Signing.PublicKey, names: ServerNames) throws(CredentialsError) -> Certificate {
        do {
            return try Certificate(
                version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: Certificate.PublicKey(publicKey),
                notValidBefore: Date.now.addingTimeInterval(-Self.slack),
                notValidAfter: min(Date.now.addingTimeInterval(Self.lifetime), certificate.notValidAfter),
                issuer: certificate.subject, subject: try DistinguishedName { CommonName("kube-apiserver") },
                signatureAlgorithm: .ecdsaWithSHA256,
                extensions: Certificate.Extensions {
                    Critical(BasicConstraints.notCertificateAuthority)
                    Critical(KeyUsage(digitalSignature: true))
                    try ExtendedKeyUsage([.serverAuth])
                    SubjectAlternativeNames(names.general)
                    try AuthorityKeyIdentifier(
                        keyIdentifier: certificate.extensions.subjectKeyIdentifier?.keyIdentifier)
                }, issuerPrivateKey: Certificate.PrivateKey(key))
        } catch {
            throw .signing("\(error)")
        }
    }
}

/// The names and addresses under which clients reach a server.
public struct ServerNames: Sendable, Hashable {
    /// Names of DNS.
    public var dns: [String]
    /// Addresses.
    public var addresses: [IPAddress]

    /// Names a server.
    public init(dns: [String], addresses: [IPAddress]) {
        self.dns = dns
        self.addresses = addresses
    }

    /// The names of a cluster's API: the Service `kubernetes` under all its names, and localhost.
    ///
    /// - Parameters:
    ///   - clusterDomain: the cluster's domain, such as `cluster.local`.
    ///   - addresses: the Service's addresses, the nodes' and any others; loopback is always among them.
    public static func kubernetes(clusterDomain: String, addresses: [IPAddress]) -> ServerNames {
        let loopback = ["127.0.0.1", "::1"].compactMap { IPAddress($0) }
        return ServerNames(
            dns: [
                "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.\(clusterDomain)",
                "localhost",
            ], addresses: loopback + addresses.filter { !loopback.contains($0) })
    }

    var general: [GeneralName] {
        dns.map { .dnsName($0) } + addresses.map { .ipAddress(.init(contentBytes: $0.bytes[...])) }
    }
}

extension PrivateFile {
    /// The certificate in the file, or nil where there is no file.
    func certificate() throws(CredentialsError) -> Certificate? {
        guard let bytes = try read() else { return nil }
        do {
            return try Certificate(pemEncoded: String(decoding: bytes, as: UTF8.self))
        } catch {
            throw .malformed(path: path, reason: "\(error)")
        }
    }

    func write(_ certificate: Certificate) throws(CredentialsError) {
        try write(Array(try certificate.pem().utf8))
    }
}

extension Certificate {
    /// The certificate as text.
    func pem() throws(CredentialsError) -> String {
        do {
            return try serializeAsPEM().pemString + "\n"
        } catch {
            throw .signing("\(error)")
        }
    }
}

/// A file with a private key.
struct PrivateKeyFile {
    let path: String

    /// Reads the key, or makes it.
    func open() throws(CredentialsError) -> P256.Signing.PrivateKey {
        let file = PrivateFile(path: path)
        guard let bytes = try file.read() else {
            let key = P256.Signing.PrivateKey()
            try file.write(Array((key.pemRepresentation + "\n").utf8))
            return key
        }
        do {
            return try P256.Signing.PrivateKey(pemRepresentation: String(decoding: bytes, as: UTF8.self))
        } catch {
            throw .malformed(path: path, reason: "\(error)")
        }
    }
}
