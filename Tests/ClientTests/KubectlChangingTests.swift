import Foundation
import LabFixture
import Testing

extension Clients {
    @Suite("kubectl changes")
    struct KubectlChangingTests {
        @Test("apply creates, configures, and leaves what is the same", arguments: Kubectl.all)
        func apply(_ kubectl: Kubectl) throws {
            try kubectl.inNamespace("apply") { k in
                let both = Manifests.web() + "\n---\n" + Manifests.service()
                #expect(try k.apply(both) == "deployment.apps/web created\nservice/web created")
                #expect(try k.apply(both) == "deployment.apps/web unchanged\nservice/web unchanged")
                let changed = Manifests.web(replicas: 3) + "\n---\n" + Manifests.service()
                #expect(try k.apply(changed) == "deployment.apps/web configured\nservice/web unchanged")
                #expect(try k("get", "deployment", "web", "-o", "jsonpath={.spec.replicas}") == "3")
                let dry = try k("apply", "--dry-run=server", "-f", k.lab.manifest(Manifests.web(replicas: 5)))
                #expect(dry == "deployment.apps/web configured (server dry run)")
                #expect(try k("get", "deployment", "web", "-o", "jsonpath={.spec.replicas}") == "3")
            }
        }

        @Test("diff shows what apply would change, and changes nothing", arguments: Kubectl.all)
        func diff(_ kubectl: Kubectl) throws {
            try kubectl.inNamespace("diff") { k in
                try k.apply(Manifests.configMap("settings"))
                let same = try k.run("diff", "-f", k.lab.manifest(Manifests.configMap("settings")))
                #expect(same.status == 0, "\(same)")
                let other = try k.run("diff", "-f", k.lab.manifest(Manifests.configMap("settings", "key: other")))
                #expect(other.status == 1, "\(other)")
                #expect(other.output.contains("\n-  key: value\n+  key: other\n"), "\(other)")
                #expect(try k("get", "cm", "settings", "-o", "jsonpath={.data.key}") == "value")
            }
        }

        @Test("server-side apply owns fields, and takes none of others without force", arguments: Kubectl.all)
        func serverSideApply(_ kubectl: Kubectl) throws {
            try kubectl.inNamespace("server-side") { k in
                func apply(_ manager: String, _ data: String, _ more: String...) throws -> Outcome {
                    let file = try k.lab.manifest(Manifests.configMap("shared", data))
                    let force = more.first ?? "--force-conflicts=false"
                    return try k.run("apply", "--server-side", "--field-manager", manager, force, "-f", file)
                }
                #expect(try apply("one", "key: one, mine: yes-").output == "configmap/shared serverside-applied\n")
                let conflict = try apply("two", "key: two")
                #expect(conflict.status == 1)
                #expect(conflict.error.contains(#"Apply failed with 1 conflict: conflict with "one": .data.key"#))
                #expect(try k("get", "cm", "shared", "-o", "jsonpath={.data.key}") == "one")
                #expect(try apply("two", "key: two", "--force-conflicts").status == 0)
                #expect(try k("get", "cm", "shared", "-o", "jsonpath={.data}") == #"{"key":"two","mine":"yes-"}"#)
                // What a manager says no more goes, unless another has it.
                #expect(try apply("one", "other: one").status == 0)
                #expect(try k("get", "cm", "shared", "-o", "jsonpath={.data}") == #"{"key":"two","other":"one"}"#)
            }
        }

        @Test("what kubectl applied itself it hands over to the server's apply", arguments: Kubectl.withWebSocket)
        func handOver(_ kubectl: Kubectl) throws {
            try kubectl.inNamespace("hand-over") { k in
                let one = try k.lab.manifest(Manifests.web(replicas: 1), "one.yaml")
                let two = try k.lab.manifest(Manifests.web(replicas: 2), "two.yaml")
                try k("apply", "-f", one)
                try k("apply", "--server-side", "-f", one)
                // No conflict with what it was itself.
                #expect(try k("apply", "--server-side", "-f", two) == "deployment.apps/web serverside-applied")
                let managers = try k(
                    "get", "deployment", "web", "--show-managed-fields", "-o",
                    "jsonpath={range .metadata.managedFields[*]}{.manager}/{.operation} {end}")
                #expect(managers.contains("kubectl/Apply"))
                #expect(!managers.contains("kubectl-client-side-apply"))
                #expect(try k("get", "deployment", "web", "-o", "jsonpath={.spec.replicas}") == "2")
            }
        }

        @Test("patches of all three kinds, labels and annotations", arguments: Kubectl.all)
        func patches(_ kubectl: Kubectl) throws {
            try kubectl.inNamespace("patch") { k in
                try k.apply(Manifests.web(replicas: 0))
                func value(_ path: String) throws -> String {
                    try k("get", "deployment", "web", "-o", "jsonpath={\(path)}")
                }
                // A strategic merge patch knows containers by their names.
                let containers = #"{"spec":{"template":{"spec":{"containers":[{"name":"side","image":"agnhost"}]}}}}"#
                #expect(try k("patch", "deployment", "web", "-p", containers) == "deployment.apps/web patched")
                #expect(try value(".spec.template.spec.containers[*].name") == "side main")
                let merge = #"{"metadata":{"labels":{"tier":"back","app":null}}}"#
                try k("patch", "deployment", "web", "--type=merge", "-p", merge)
                #expect(try value(".metadata.labels") == #"{"tier":"back"}"#)
                let operations = #"""
                    [{"op":"test","path":"/spec/replicas","value":0},{"op":"remove","path":"/metadata/labels/tier"}]
                    """#
                try k("patch", "deployment", "web", "--type=json", "-p", operations)
                #expect(try value(".metadata.labels") == "")
                let failed = #"[{"op":"test","path":"/spec/replicas","value":7}]"#
                _ = try k.refused("patch", "deployment", "web", "--type=json", "-p", failed)
                #expect(try k.run("patch", "deployment", "web", "-p", "{}").output.hasSuffix("patched (no change)\n"))

                #expect(try k("label", "deployment", "web", "tier=front") == "deployment.apps/web labeled")
                #expect(
                    try k.refused("label", "deployment", "web", "tier=back")
                        == "error: 'tier' already has a value (front), and --overwrite is false")
                try k("label", "deployment", "web", "tier=back", "--overwrite")
                #expect(try value(".metadata.labels.tier") == "back")
                try k("label", "deployment", "web", "tier-")
                #expect(try value(".metadata.labels.tier") == "")
                try k("annotate", "deployment", "web", "example.com/note=some words")
                #expect(try value(#".metadata.annotations.example\.com/note"#) == "some words")
            }
        }

        @Test("replace, edit, set image", arguments: Kubectl.all)
        func replace(_ kubectl: Kubectl) throws {
            try kubectl.inNamespace("replace") { k in
                let first = try k.lab.manifest(Manifests.web(replicas: 0), "first.yaml")
                #expect(try k("create", "-f", first) == "deployment.apps/web created")
                #expect(
                    try k.refused("create", "-f", first).contains(
                        #"(AlreadyExists): error when creating "\#(first)": deployments.apps "web" already exists"#))
                let uid = try k("get", "deployment", "web", "-o", "jsonpath={.metadata.uid}")
                #expect(try k("replace", "-f", first) == "deployment.apps/web replaced")
                #expect(try k("get", "deployment", "web", "-o", "jsonpath={.metadata.uid}") == uid)
                try k("replace", "--force", "-f", first)
                #expect(try k("get", "deployment", "web", "-o", "jsonpath={.metadata.uid}") != uid)
                let edited = try k(
                    "edit", "deployment", "web", with: ["EDITOR": "sed -i 's/replicas: 0/replicas: 1/'"])
                #expect(edited == "deployment.apps/web edited")
                #expect(try k("get", "deployment", "web", "-o", "jsonpath={.spec.replicas}") == "1")
                try k("set", "image", "deployment/web", "main=docker.io/library/busybox:1.36")
                let image = "jsonpath={.spec.template.spec.containers[0].image}"
                #expect(try k("get", "deployment", "web", "-o", image) == "docker.io/library/busybox:1.36")
            }
        }

        @Test("what create would make can be applied", arguments: Kubectl.all)
        func createAndApply(_ kubectl: Kubectl) throws {
            try kubectl.inNamespace("create-apply") { k in
                let made = try k(
                    "create", "deployment", "d", "--image=nginx", "--replicas=0", "--dry-run=client", "-o", "yaml")
                #expect(try k.apply(made) == "deployment.apps/d created")
                #expect(try k("expose", "deployment", "d", "--port=80") == "service/d exposed")
                #expect(try k("get", "service", "d", "-o", "jsonpath={.spec.selector}") == #"{"app":"d"}"#)
            }
        }

        // Newer ones say in protobuf what `create` makes.
        @Test("create makes what its words say", arguments: Kubectl.all)
        func create(_ kubectl: Kubectl) throws {
            try kubectl.inNamespace("create") { k in
                #expect(try k("create", "configmap", "c", "--from-literal=a=b") == "configmap/c created")
                #expect(try k("get", "configmap", "c", "-o", "jsonpath={.data}") == #"{"a":"b"}"#)
                #expect(try k("create", "secret", "generic", "s", "--from-literal=a=b") == "secret/s created")
                #expect(try k("get", "secret", "s", "-o", "jsonpath={.data.a} {.type}") == "Yg== Opaque")
                #expect(try k("create", "serviceaccount", "a") == "serviceaccount/a created")
                try k("create", "deployment", "d", "--image=nginx", "--replicas=0", "--port=80")
                let container = "jsonpath={.spec.template.spec.containers[0]['name', 'image']}"
                #expect(try k("get", "deployment", "d", "-o", container) == "nginx nginx")
                #expect(try k("get", "deployment", "d", "-o", "jsonpath={.spec.replicas}") == "0")
                try k("create", "service", "clusterip", "v", "--tcp=80:8080")
                let port = "jsonpath={.spec.ports[0].port} {.spec.ports[0].targetPort} {.spec.selector}"
                #expect(try k("get", "service", "v", "-o", port) == #"80 8080 {"app":"v"}"#)
                try k("create", "service", "nodeport", "n", "--tcp=81:web", "--node-port=\(30100 + kubectl.minor)")
                let node = "jsonpath={.spec.ports[0].nodePort} {.spec.ports[0].targetPort}"
                #expect(try k("get", "service", "n", "-o", node) == "\(30100 + kubectl.minor) web")
                let other = "\(k.namespace)-other"
                #expect(try k("create", "namespace", other) == "namespace/\(other) created")
                #expect(try k("delete", "namespace", other) == #"namespace "\#(other)" deleted"#)
            }
        }
    }
}
