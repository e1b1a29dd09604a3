import Foundation
import LabFixture
import Testing

extension Clients {
    @Suite("Bad manifests through kubectl")
    struct HostileManifestTests {
        struct Bad: Sendable, CustomTestStringConvertible {
            let what: String
            let text: String
            /// What kubectl or the API says, in one of their wordings.
            let says: [String]
            var testDescription: String { what }
        }

        private static let policy = """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: bad}
            spec:
              podSelector: {}
              ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/99}}]}]
            """

        private static let anchors: String = {
            let levels = (1...9).map { level in
                "  l\(level): &l\(level) [\(Array(repeating: "*l\(level - 1)", count: 9).joined(separator: ","))]"
            }
            return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: bad}\ndata:\n  l0: &l0 [lol,lol,lol]\n"
                + levels.joined(separator: "\n")
        }()

        static let all = [
            Bad(
                what: "tabs", text: "apiVersion: v1\nkind: ConfigMap\nmetadata:\n\tname: bad\n",
                says: ["found character that cannot start any token"]),
            Bad(
                what: "anchors that explode", text: anchors,
                says: ["excessive aliasing", "document contains excessive"]),
            Bad(
                what: "a wrong kind", text: "{apiVersion: v1, kind: Unicorn, metadata: {name: bad}}",
                says: [#"no matches for kind "Unicorn" in version "v1""#]),
            Bad(
                what: "no kind", text: "{apiVersion: v1, metadata: {name: bad}}",
                says: ["Object 'Kind' is missing", "kind not set"]),
            Bad(
                what: "an invalid CIDR", text: policy,
                says: [
                    #"The NetworkPolicy "bad" is invalid: spec.ingress[0].from[0].ipBlock.cidr: Invalid value: "10.0.0.0/99": "#
                ]),
            Bad(
                what: "an invalid name", text: Manifests.configMap("Bad_Name"),
                says: [
                    #"The ConfigMap "Bad_Name" is invalid: metadata.name: Invalid value: "Bad_Name": a lowercase RFC 1123"#
                ]),
            Bad(
                what: "a wrong type",
                text: "{apiVersion: v1, kind: Service, metadata: {name: bad}, spec: {ports: eighty}}",
                says: ["cannot unmarshal string into Go struct field ServiceSpec.spec.ports"]),
            Bad(
                what: "a port out of range",
                text: "{apiVersion: v1, kind: Service, metadata: {name: bad}, spec: {ports: [{port: 70000}]}}",
                says: [
                    #"The Service "bad" is invalid: spec.ports[0].port: Invalid value: 70000: must be between 1 and 65535, inclusive"#,
                    "* spec.ports[0].port: Invalid value: 70000: must be between 1 and 65535, inclusive",
                ]),
            Bad(
                what: "a selector that does not select",
                text: Manifests.web().replacing(
                    "metadata: {labels: {app: web}}", with: "metadata: {labels: {app: bad}}"),
                says: ["`selector` does not match template `labels`"]),
        ]

        @Test("is refused with the API's words, and changes nothing", arguments: all, Kubectl.all)
        func refused(_ bad: Bad, _ kubectl: Kubectl) throws {
            let k = KubectlSession(kubectl: kubectl, lab: try TestLab.shared(), namespace: "kube-public")
            let kinds = "configmaps,services,networkpolicies,deployments"
            let before = try k("get", kinds, "-A", "-o", "name")
            let words = try k.refused("apply", "--validate=false", "-f", k.lab.manifest(bad.text))
            #expect(bad.says.contains { words.contains($0) }, "\(words)")
            #expect(try k("get", kinds, "-A", "-o", "name") == before)
        }

        @Test("a field that there is not is told of or refused, as asked", arguments: Kubectl.withWebSocket)
        func unknownField(_ kubectl: Kubectl) throws {
            try kubectl.inNamespace("unknown") { k in
                let file = try k.lab.manifest(Manifests.service() + "\n  unicorn: 1\n")
                #expect(try k.refused("apply", "-f", file).contains(#"unknown field "spec.unicorn""#))
                let warned = try k.run("apply", "--validate=warn", "-f", file)
                #expect(warned.status == 0)
                #expect(warned.error.contains(#"Warning: unknown field "spec.unicorn""#))
            }
        }
    }
}
