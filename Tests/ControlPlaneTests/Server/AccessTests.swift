import Foundation
import KubernetesModel
import Testing

@testable import ControlPlane

@Suite("Access to the API")
struct AccessTests {
    @Test("strangers get 401 over TLS for everything but health")
    func strangers() async throws {
        try await TestServer.run { test in
            let client = try await TestClient.tls(port: test.port, authority: test.credentials.authorityCertificate)
            defer { client.close() }
            for target in ["/version", "/api", "/api/v1/pods", "/openapi/v2", "/nothing"] {
                let answer = try await client.ask("GET", target)
                #expect(answer.status == 401)
                #expect(try answer.json["reason"] == "Unauthorized")
                #expect(try answer.json["kind"] == "Status")
            }
            let wrong = try await client.ask(
                "GET", "/version", [("Authorization", "Bearer \(test.credentials.adminToken)x")])
            #expect(wrong.status == 401)
            for target in ["/healthz", "/readyz", "/livez", "/readyz?verbose=1"] {
                #expect(try await client.ask("GET", target).status == 200)
            }
        }
    }

    @Test("the admin's and a service account's tokens open the API over TLS 1.2 and 1.3")
    func tokens() async throws {
        try await TestServer.run { test in
            let account = try test.credentials.serviceAccountToken(namespace: "default", name: "web", uid: "u-1")
            for version in [TLSVersionChoice.tls12, .tls13] {
                let client = try await TestClient.tls(
                    port: test.port, authority: test.credentials.authorityCertificate, minimum: version.value,
                    maximum: version.value)
                defer { client.close() }
                for token in [test.credentials.adminToken, account] {
                    let answer = try await client.ask("GET", "/version", [("Authorization", "Bearer \(token)")])
                    #expect(answer.status == 200)
                    #expect(try answer.json["gitVersion"] == "v1.32.0+lab")
                }
                let review = try await client.ask(
                    "POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews",
                    [("Authorization", "Bearer \(account)")], body: "{}")
                #expect(review.status == 201)
                let proto = try await client.ask(
                    "POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
                    [
                        ("Authorization", "Bearer \(account)"), ("Content-Type", "application/vnd.kubernetes.protobuf"),
                    ], body: "k8s\u{0}")
                #expect(try proto.json[path: ["status", "allowed"]] == true)
                #expect(
                    try review.json[path: ["status", "userInfo", "username"]] == "system:serviceaccount:default:web")
            }
        }
    }

    @Test("a service account's token is a JWT with the API server's claims, and one changed byte makes it worthless")
    func serviceAccountToken() async throws {
        try await TestServer.run { test in
            let token = try test.credentials.serviceAccountToken(namespace: "shop", name: "web", uid: "u-1")
            let parts = token.split(separator: ".")
            #expect(parts.count == 3)
            let claims = try JSONValue(parsing: try #require(Base64URL.decode(parts[1])))
            #expect(claims["iss"] == "https://kubernetes.default.svc.cluster.local")
            #expect(claims["sub"] == "system:serviceaccount:shop:web")
            #expect(claims[path: ["kubernetes.io", "serviceaccount", "uid"]] == "u-1")
            let forged = try JSONValue(parsing: claims.text.replacingOccurrences(of: "shop", with: "kube"))
            let other = "\(parts[0]).\(Base64URL.encode(forged.bytes)).\(parts[2])"
            for (text, isGood) in [(token, true), (other, false), ("a.b.c", false), ("", false)] {
                let user = test.credentials.user(of: ["Authorization": "Bearer \(text)"])
                #expect((user != nil) == isGood)
            }
        }
    }

    @Test("credentials are kept, only their owner can read them, and a new name makes a new certificate only")
    func keptCredentials() throws {
        let directory = "/tmp/lab-credentials-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        func open(_ names: [String]) throws -> Credentials {
            try Credentials(
                directory: directory, names: ServerNames(dns: names, addresses: []), clusterDomain: "cluster.local")
        }
        let first = try open(["kubernetes"])
        let certificate = try Data(contentsOf: URL(fileURLWithPath: "\(directory)/server.crt"))
        for file in try FileManager.default.contentsOfDirectory(atPath: directory) {
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(directory)/\(file)")
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(file)")
        }
        let second = try open(["kubernetes"])
        #expect(second.adminToken == first.adminToken)
        #expect(second.authorityCertificate == first.authorityCertificate)
        #expect(try Data(contentsOf: URL(fileURLWithPath: "\(directory)/server.crt")) == certificate)
        let third = try open(["kubernetes", "other"])
        #expect(third.authorityCertificate == first.authorityCertificate)
        #expect(try Data(contentsOf: URL(fileURLWithPath: "\(directory)/server.crt")) != certificate)
        try Data("nonsense".utf8).write(to: URL(fileURLWithPath: "\(directory)/ca.key"))
        #expect(throws: CredentialsError.self) { try open(["kubernetes"]) }
    }

    @Test("a kubeconfig names server, authority and token")
    func kubeconfig() {
        let text = Kubeconfig.text(
            name: "shop", server: "https://10.96.0.1:443", authorityCertificate: "PEM", token: "secret")
        #expect(text.contains("server: \"https://10.96.0.1:443\""))
        #expect(text.contains("certificate-authority-data: UEVN\n"))
        #expect(text.contains("current-context: \"shop\""))
        #expect(text.contains("token: \"secret\""))
    }
}
