import Foundation
import LabFixture
import Testing

extension Clients {
    @Suite("Those without the lab's credentials")
    struct AccessTests {
        private struct Place {
            let server: String
            let authority: String
            let token: String
        }

        /// What the kubeconfig says.
        private static func place(_ lab: TestLab) throws -> Place {
            let text = try String(contentsOfFile: "\(lab.stateDirectory)/kubeconfig", encoding: .utf8)
            let data = try #require(text.firstMatch(of: /certificate-authority-data: "?([A-Za-z0-9+\/=]+)/)?.1)
            let authority = try lab.manifest(
                String(decoding: try #require(Data(base64Encoded: String(data))), as: UTF8.self), "ca.crt")
            return Place(
                server: String(try #require(text.firstMatch(of: /server: "?(https:[^"\s]+)/)?.1)),
                authority: authority,
                token: String(try #require(text.firstMatch(of: /token: "?([^"\s]+)/)?.1)))
        }

        @Test("no token, a wrong one and a wrong word are refused with 401, and learn nothing")
        func token() throws {
            let lab = try TestLab.shared()
            let place = try Self.place(lab)
            func ask(_ header: String?) throws -> String {
                let arguments = ["curl", "-sS", "-w", "%{http_code}", "--cacert", place.authority]
                return try RunningCommand(
                    arguments + (header.map { ["-H", "Authorization: \($0)"] } ?? [])
                        + ["\(place.server)/api/v1/namespaces/default/pods"]
                ).wait().output
            }
            #expect(try ask("Bearer \(place.token)").hasSuffix("200"))
            for header in [nil, "Bearer", "Bearer \(place.token)x", "Bearer \(place.token.dropLast())", "Basic YTpi"] {
                let answer = try ask(header)
                #expect(answer.hasSuffix("401"), "\(header ?? "none"): \(answer)")
                #expect(answer.contains(#""reason":"Unauthorized""#))
                #expect(!answer.contains("pod-a"))
            }
        }

        @Test("a client that trusts another authority does not speak to the server", arguments: Kubectl.all)
        func authority(_ kubectl: Kubectl) throws {
            let k = KubectlSession(kubectl: kubectl, lab: try TestLab.shared(), namespace: "default")
            let other = try k.lab.manifest(
                String(contentsOfFile: "/etc/ssl/certs/ca-certificates.crt", encoding: .utf8), "other.crt")
            let place = try Self.place(k.lab)
            let refusal = try k.refused(
                "--kubeconfig=/dev/null", "--server", place.server, "--certificate-authority", other, "--token",
                place.token, "get", "pods")
            #expect(refusal.contains("x509: certificate signed by unknown authority"), "\(refusal)")
            let nobody = try k.refused(
                "--kubeconfig=/dev/null", "--server", place.server, "--certificate-authority", place.authority,
                "--token", "none", "get", "pods")
            #expect(nobody.contains("You must be logged in to the server"), "\(nobody)")
        }

        @Test("the Unix socket and the credentials are root's alone")
        func socket() throws {
            let lab = try TestLab.shared()
            let socket = "\(lab.stateDirectory)/api.sock"
            let url = "http://localhost/api/v1/pods"
            #expect(try succeed("curl", "-sS", "--unix-socket", socket, url).contains("pod-a"))
            // The way there is open to all, so that the file's own mode decides.
            for path in [lab.directory, lab.stateRoot, lab.stateDirectory] {
                try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
            }
            defer {
                try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: lab.stateDirectory)
            }
            let nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
            let refused = try RunningCommand(nobody + ["curl", "-sS", "--unix-socket", socket, url]).wait()
            #expect(refused.status == 7, "\(refused)")
            for file in ["kubeconfig", "objects.sqlite", "credentials"] {
                let read = try RunningCommand(nobody + ["ls", "\(lab.stateDirectory)/credentials"]).wait()
                #expect(read.status != 0, "\(file): \(read)")
                let cat = try RunningCommand(nobody + ["cat", "\(lab.stateDirectory)/\(file)"]).wait()
                #expect(cat.status != 0, "\(file): \(cat)")
            }
        }
    }
}
