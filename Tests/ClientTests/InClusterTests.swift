import Foundation
import LabFixture
import Testing

extension Clients {
    @Suite("Programs in pods")
    struct InClusterTests {
        private static let directory = "/var/run/secrets/kubernetes.io/serviceaccount"

        @Test("a pod reaches the API with the token and the authority that it finds", arguments: ["pod-a", "pod-b"])
        func api(_ pod: String) throws {
            let lab = try TestLab.shared()
            let script = """
                cd \(Self.directory)
                exec curl -sS --cacert ca.crt -H "Authorization: Bearer $(cat token)" \
                "https://$KUBERNETES_SERVICE_HOST:$KUBERNETES_SERVICE_PORT/api/v1/namespaces/$(cat namespace)/pods/\(pod)"
                """
            let outcome = try lab.lab("exec", pod, "--", "sh", "-c", script)
            #expect(outcome.status == 0, "\(outcome)")
            #expect(outcome.output.contains(#""name":"\#(pod)""#), "\(outcome)")
            let unknown = try lab.lab(
                "exec", pod, "--", "curl", "-sS", "https://10.96.0.1/version")
            #expect(unknown.status == 60, "\(unknown)")
            let nobody = try lab.lab(
                "exec", pod, "--", "curl", "-sS", "--cacert", "\(Self.directory)/ca.crt",
                "https://192.168.1.2:6443/api/v1/pods")
            #expect(nobody.output.contains(#""code":401"#), "\(nobody)")
        }

        @Test("the Python client's in-cluster configuration finds what it needs", arguments: ["pod-a", "pod-b"])
        func python(_ pod: String) throws {
            let lab = try TestLab.shared()
            let outcome = try lab.lab(
                "exec", pod, "--", PythonClient.interpreter, try PythonClient.program(),
                "in_cluster")
            #expect(outcome.status == 0, "\(outcome)")
        }

        @Test("the environment names the Service kubernetes")
        func environment() throws {
            let lab = try TestLab.shared()
            let text = try lab.succeed("exec", "pod-a", "--", "env")
            #expect(text.contains("KUBERNETES_SERVICE_HOST=10.96.0.1\n"))
            #expect(text.contains("KUBERNETES_SERVICE_PORT=443\n"))
        }
    }
}
