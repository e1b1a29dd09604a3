import Foundation
import LabFixture
import Testing

extension Clients {
    @Suite("kubectl and workloads")
    struct KubectlWorkloadTests {
        @Test("scale, and what rollout shows, undoes and restarts", arguments: Kubectl.all)
        func rollout(_ kubectl: Kubectl) throws {
            try kubectl.inNamespace("rollout") { k in
                try k.apply(Manifests.web(replicas: 1))
                func settle() throws {
                    let status = try k("rollout", "status", "deployment/web", "--timeout=50s")
                    #expect(status.hasSuffix(#"deployment "web" successfully rolled out"#))
                }
                func images() throws -> String {
                    try k("get", "deployment", "web", "-o", "jsonpath={.spec.template.spec.containers[*].image}")
                }
                try settle()
                #expect(try k("scale", "deployment/web", "--replicas=2") == "deployment.apps/web scaled")
                #expect(
                    try k.refused("scale", "deployment/web", "--replicas=4", "--current-replicas=1").hasSuffix(
                        "Expected replicas to be 1, was 2"))
                try settle()
                #expect(
                    try k("get", "deployment", "web", "--no-headers").split(separator: " ").prefix(4)
                        == ["web", "2/2", "2", "2"])

                try k("set", "image", "deployment/web", "main=alpine")
                try settle()
                let history = try k("rollout", "history", "deployment/web")
                #expect(
                    history == """
                        deployment.apps/web \n\
                        REVISION  CHANGE-CAUSE
                        1         <none>
                        2         <none>
                        """, "\(history)")
                #expect(
                    try k("rollout", "history", "deployment/web", "--revision=2").contains("    Image:\talpine\n"))
                #expect(try k("rollout", "undo", "deployment/web") == "deployment.apps/web rolled back")
                #expect(try images() == "busybox")
                try settle()
                let before = try k("get", "pods", "-o", "name")
                #expect(try k("rollout", "restart", "deployment/web") == "deployment.apps/web restarted")
                try settle()
                #expect(
                    try eventually {
                        let after = try k("get", "pods", "-l", "app=web", "-o", "name")
                        return Set(before.split(separator: "\n")).isDisjoint(with: after.split(separator: "\n"))
                    })
                let sets = try k("get", "replicasets", "--no-headers")
                #expect(sets.split(separator: "\n").count == 3, "\(sets)")
            }
        }

        @Test("wait for conditions, for values and for the end", arguments: Kubectl.all)
        func wait(_ kubectl: Kubectl) throws {
            try kubectl.inNamespace("wait") { k in
                try k.apply(Manifests.web(replicas: 1))
                #expect(
                    try k("wait", "--for=condition=Available", "deployment/web", "--timeout=50s")
                        == "deployment.apps/web condition met")
                let pod = try k.pod("app=web")
                #expect(
                    try k("wait", "--for=condition=Ready", "pod", "-l", "app=web", "--timeout=50s")
                        == "pod/\(pod) condition met")
                if kubectl.minor >= 23 {
                    try k.apply(Manifests.pod("once", "exit 0"))
                    #expect(
                        try k("wait", "--for=jsonpath={.status.phase}=Succeeded", "pod/once", "--timeout=50s")
                            == "pod/once condition met")
                }
                // An older one fails where the pod is gone before it looks.
                let waiting = try k.start("wait", "--for=delete", "pod/\(pod)", "--timeout=50s")
                try k("delete", "deployment", "web")
                let outcome = try waiting.wait()
                if kubectl.minor >= 23 { #expect(outcome.status == 0, "\(outcome)") }
                #expect(try eventually { try k("get", "pods", "-l", "app=web", "-o", "name").isEmpty })
                let missed = try k.refused("wait", "--for=condition=Never", "pod/\(pod)", "--timeout=1s")
                #expect(missed.contains("not found"))
            }
        }

        @Test("delete waits for finalizers and takes what is owned along", arguments: Kubectl.all)
        func delete(_ kubectl: Kubectl) throws {
            try kubectl.inNamespace("delete") { k in
                try k.apply(Manifests.configMap("kept"))
                try k("patch", "cm", "kept", "--type=merge", "-p", #"{"metadata":{"finalizers":["example.com/keep"]}}"#)
                let deleting = try k.start("delete", "configmap", "kept")
                #expect(
                    try eventually {
                        try k("get", "cm", "kept", "-o", "jsonpath={.metadata.deletionTimestamp}") != ""
                    })
                try k("patch", "cm", "kept", "--type=merge", "-p", #"{"metadata":{"finalizers":null}}"#)
                let outcome = try deleting.wait()
                #expect(outcome.status == 0, "\(outcome)")
                #expect(outcome.output == "configmap \"kept\" deleted\n")

                try k.apply(Manifests.web(replicas: 1))
                try k("rollout", "status", "deployment/web", "--timeout=50s")
                try k("delete", "deployment", "web")
                #expect(try eventually { try k("get", "replicasets,pods", "-o", "name").isEmpty })

                // A pod that does not end by itself has its grace, and no more.
                try k.apply(Manifests.pod("stubborn", "trap : TERM; while :; do sleep 1000; done"))
                try k("wait", "--for=condition=Ready", "pod/stubborn", "--timeout=50s")
                #expect(try k("delete", "pod", "stubborn", "--grace-period=1") == #"pod "stubborn" deleted"#)
                #expect(try k("delete", "pod", "stubborn", "--ignore-not-found") == "")
                #expect(
                    try k.refused("delete", "pod", "stubborn")
                        == #"Error from server (NotFound): pods "stubborn" not found"#)
                try k.apply(Manifests.configMap("one"))
                #expect(try k("delete", "configmap", "--all").contains(#"configmap "one" deleted"#))
            }
        }

        @Test("logs follow, end, and remember the container before", arguments: Kubectl.all)
        func logs(_ kubectl: Kubectl) throws {
            try kubectl.inNamespace("logs") { k in
                try k.apply(Manifests.pod("lines", "echo one; echo two; echo three; exec sleep infinity"))
                try k("wait", "--for=condition=Ready", "pod/lines", "--timeout=50s")
                #expect(try eventually { try k("logs", "lines") == "one\ntwo\nthree" })
                #expect(try k("logs", "lines", "--tail=1") == "three")
                #expect(try k("logs", "-l", "run=lines", "--tail=2") == "two\nthree")
                #expect(try k("logs", "lines", "-c", "main", "--limit-bytes=4") == "one")
                #expect(
                    try k.refused("logs", "lines", "-c", "nobody").contains(
                        "container nobody is not valid for pod lines"))
                #expect(
                    try k.refused("logs", "lines", "-p")
                        == #"Error from server (BadRequest): previous terminated container "main" in pod "lines" not found"#
                )
                let following = try k.start("logs", "-f", "lines")
                #expect(try following.waitForOutput(containing: "three\n"))
                try k("delete", "pod", "lines")
                #expect(try following.wait().output == "one\ntwo\nthree\n")

                let flag = "\(k.lab.directory)/again-\(k.namespace)"
                try k.apply(
                    Manifests.pod(
                        "twice",
                        "[ -e \(flag) ] && exec sh -c 'echo again; exec sleep infinity'; touch \(flag); echo first",
                        restart: "Always"))
                #expect(try eventually { try k.run("logs", "twice").output == "again\n" })
                #expect(try k("logs", "twice", "-p") == "first")
                #expect(
                    try k("get", "pod", "twice", "-o", "jsonpath={.status.containerStatuses[0].restartCount}") == "1")
            }
        }

        @Test("a rolled out Deployment's pods have addresses of their nodes", arguments: Kubectl.all)
        func addresses(_ kubectl: Kubectl) throws {
            try kubectl.inNamespace("addresses") { k in
                try k.apply(Manifests.web(replicas: 2) + "\n---\n" + Manifests.service())
                try k("rollout", "status", "deployment/web", "--timeout=50s")
                let pods = try k(
                    "get", "pods", "-o", "jsonpath={range .items[*]}{.spec.nodeName}/{.status.podIP}{'\\n'}{end}")
                let lines = pods.split(separator: "\n")
                #expect(lines.count == 2)
                #expect(lines.contains { $0.hasPrefix("node1/10.244.1.") }, "\(pods)")
                #expect(lines.contains { $0.hasPrefix("node2/10.244.2.") }, "\(pods)")
                let addresses = Set(lines.compactMap { $0.split(separator: "/").last.map(String.init) })
                #expect(
                    try eventually {
                        let text = try k(
                            "get", "endpointslices", "-l", "kubernetes.io/service-name=web", "-o",
                            "jsonpath={.items[*].endpoints[*].addresses[0]}")
                        return Set(text.split(separator: " ").map(String.init)) == addresses
                    })
            }
        }
    }
}
