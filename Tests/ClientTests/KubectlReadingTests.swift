import Foundation
import LabFixture
import Testing

extension Clients {
    @Suite("kubectl reads")
    struct KubectlReadingTests {
        private static let services = """
            apiVersion: v1
            kind: Service
            metadata: {name: backend-service}
            spec:
              clusterIP: 10.96.10.10
              selector: {app: backend}
              ports: [{name: http, port: 80, targetPort: 8080}]
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: frontend-service}
            spec:
              type: NodePort
              clusterIP: 10.96.10.11
              selector: {app: frontend}
              ports: [{port: 80, nodePort: 30080}, {port: 53, protocol: UDP, nodePort: 30053, name: dns}]
            """

        @Test("pods, services and endpoints look as a person expects", arguments: Kubectl.all)
        func wideTables(_ kubectl: Kubectl) throws {
            let k = KubectlSession(kubectl: kubectl, lab: try TestLab.shared(), namespace: "default")
            let manifest = try k.lab.manifest(
                Self.services.replacing("{port: 80, node", with: "{name: http, port: 80, node"))
            try k("apply", "-f", manifest)
            var text = ""
            let isComplete = try eventually {
                text = MaskedTable.text(try k("get", "pods,svc,endpoints", "-o", "wide"))
                return text.contains("10.244.2.3:8080") && text.contains("10.244.1.5:80")
            }
            #expect(isComplete)
            #expect(
                text == """
                    NAME        READY   STATUS    RESTARTS   AGE   IP           NODE    NOMINATED NODE   READINESS GATES
                    pod/pod-a   1/1     Running   0          0s    10.244.1.5   node1   <none>           <none>
                    pod/pod-b   1/1     Running   0          0s    10.244.2.3   node2   <none>           <none>

                    NAME                       TYPE        CLUSTER-IP    EXTERNAL-IP   PORT(S)                     AGE   SELECTOR
                    service/backend-service    ClusterIP   10.96.10.10   <none>        80/TCP                      0s    app=backend
                    service/frontend-service   NodePort    10.96.10.11   <none>        80:30080/TCP,53:30053/UDP   0s    app=frontend
                    service/kubernetes         ClusterIP   10.96.0.1     <none>        443/TCP                     0s    <none>

                    NAME                         ENDPOINTS                     AGE
                    endpoints/backend-service    10.244.2.3:8080               0s
                    endpoints/frontend-service   10.244.1.5:53,10.244.1.5:80   0s
                    endpoints/kubernetes         192.168.1.2:6443              0s
                    """)
            try k("delete", "-f", manifest)
        }

        @Test("get prints every form", arguments: Kubectl.all)
        func forms(_ kubectl: Kubectl) throws {
            let k = KubectlSession(kubectl: kubectl, lab: try TestLab.shared(), namespace: "default")
            let header = "NAME    READY   STATUS    RESTARTS   AGE"
            let a = "pod-a   1/1     Running   0          0s"
            let b = "pod-b   1/1     Running   0          0s"
            #expect(MaskedTable.text(try k("get", "pods")) == "\(header)\n\(a)\n\(b)")
            #expect(
                try k("get", "pod", "pod-b", "--no-headers").split(separator: " ").prefix(4) == [
                    "pod-b", "1/1", "Running", "0",
                ])
            #expect(MaskedTable.text(try k("get", "po", "-l", "app=backend")) == "\(header)\n\(b)")
            #expect(MaskedTable.text(try k("get", "po", "-l", "app notin (backend)")) == "\(header)\n\(a)")
            #expect(
                MaskedTable.text(try k("get", "pods", "--field-selector", "spec.nodeName=node1"))
                    == "\(header)\n\(a)")
            #expect(
                MaskedTable.text(try k("get", "pods", "--show-labels"))
                    == "\(header)   LABELS\n\(a)    app=frontend\n\(b)    app=backend")
            #expect(
                MaskedTable.text(try k("get", "pods", "-L", "app"))
                    == "\(header)   APP\n\(a)    frontend\n\(b)    backend")
            #expect(try k("get", "pods", "-o", "name") == "pod/pod-a\npod/pod-b")
            #expect(
                try k("get", "pods", "-o", "jsonpath={range .items[*]}{.metadata.name}={.status.podIP} {end}")
                    == "pod-a=10.244.1.5 pod-b=10.244.2.3 ")
            #expect(
                try k("get", "pods", "-o", "custom-columns=NAME:.metadata.name,NODE:.spec.nodeName")
                    == "NAME    NODE\npod-a   node1\npod-b   node2")
            #expect(
                try k("get", "pods", "-o", "go-template={{range .items}}{{.metadata.name}} {{end}}") == "pod-a pod-b ")
            #expect(try k("get", "pods", "--sort-by=.spec.nodeName", "-o", "name") == "pod/pod-a\npod/pod-b")
            #expect(
                try k("get", "nodes", "-o", "name")
                    + k("get", "ns", "-o", "name")
                    .split(separator: "\n").filter { $0.hasPrefix("namespace/kube-") }.joined()
                    == "node/node1\nnode/node2namespace/kube-node-leasenamespace/kube-publicnamespace/kube-system")
            let everywhere = try k("get", "pods", "-A")
            #expect(everywhere.hasPrefix("NAMESPACE "))
            #expect(everywhere.contains("\ndefault "))
            #expect(try k.refused("get", "pod", "nobody") == #"Error from server (NotFound): pods "nobody" not found"#)
            #expect(
                try k.refused("get", "unicorns") == #"error: the server doesn't have a resource type "unicorns""#)
            let empty = try k.run("get", "pods", "-l", "app=nobody")
            #expect(empty.error == "No resources found in default namespace.\n")
        }

        @Test("JSON and YAML are the whole object", arguments: Kubectl.all)
        func wholeObjects(_ kubectl: Kubectl) throws {
            let k = KubectlSession(kubectl: kubectl, lab: try TestLab.shared(), namespace: "default")
            let text = try k("get", "pod", "pod-a", "-o", "json")
            let pod = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
            let status = try #require(pod["status"] as? [String: Any])
            let metadata = try #require(pod["metadata"] as? [String: Any])
            #expect(pod["kind"] as? String == "Pod")
            #expect(status["podIP"] as? String == "10.244.1.5")
            #expect((metadata["uid"] as? String)?.count == 36)
            let yaml = try k("get", "pod", "pod-a", "-o", "yaml")
            #expect(yaml.hasPrefix("apiVersion: v1\nkind: Pod\nmetadata:\n"))
            #expect(yaml.contains("\n  podIP: 10.244.1.5\n"))
            let list = try k("get", "pods,svc", "-o", "json")
            #expect(list.contains(#""kind": "List""#))
        }

        @Test("describe tells of nodes, pods, Deployments and Services with their events", arguments: Kubectl.all)
        func describe(_ kubectl: Kubectl) throws {
            try kubectl.inNamespace("describe") { k in
                try k.apply(Manifests.web() + "\n---\n" + Manifests.service())
                try k("rollout", "status", "deployment/web", "--timeout=30s")
                let deployment = try k("describe", "deployment", "web")
                #expect(deployment.contains("2 desired | 2 updated | 2 total | 2 available | 0 unavailable"))
                #expect(deployment.contains("ScalingReplicaSet"))
                let pod = try k("describe", "pod", "-l", "app=web")
                #expect(pod.contains("Controlled By:  ReplicaSet/web-"))
                #expect(pod.contains("Successfully assigned \(k.namespace)/web-"))
                #expect(pod.contains("Started container main"))
                var service = ""
                #expect(
                    try eventually {
                        service = try k("describe", "service", "web")
                        return !service.contains("Endpoints:                <none>")
                    })
                #expect(service.contains("TargetPort:"))
                #expect(service.contains(":8080,"))
                let node = try k("describe", "node", "node1")
                #expect(node.contains("PodCIDR:"))
                #expect(node.contains("Non-terminated Pods:"))
                #expect(try k("describe", "namespace", k.namespace).contains("Status:       Active"))
                let events = try k("get", "events")
                #expect(events.contains("deployment/web"))
                #expect(events.hasPrefix("LAST SEEN   TYPE     REASON"))
            }
        }

        @Test("the API tells what it has", arguments: Kubectl.all)
        func discovery(_ kubectl: Kubectl) throws {
            let k = KubectlSession(kubectl: kubectl, lab: try TestLab.shared(), namespace: "default")
            let resources = try k("api-resources")
            for (name, short, version, kind) in [
                ("pods", "po", "v1", "Pod"), ("services", "svc", "v1", "Service"),
                ("deployments", "deploy", "apps/v1", "Deployment"),
                ("networkpolicies", "netpol", "networking.k8s.io/v1", "NetworkPolicy"),
                ("endpointslices", "", "discovery.k8s.io/v1", "EndpointSlice"),
                ("ingresses", "ing", "networking.k8s.io/v1", "Ingress"),
            ] {
                let words = ([name, short, version, "true", kind]).filter { !$0.isEmpty }
                #expect(
                    resources.split(separator: "\n").contains {
                        $0.split(separator: " ").map(String.init) == words
                    }, "\(name): \(resources)")
            }
            #expect(try k("api-versions").split(separator: "\n").contains("networking.k8s.io/v1"))
            #expect(try k("version").contains("v1.32.0+lab"))
            #expect(try k("cluster-info").contains("https://127.0.0.1:"))
            #expect(try k("auth", "can-i", "delete", "pods") == "yes")
            if kubectl.minor >= 28 {
                #expect(try k("auth", "whoami").contains("kubernetes-admin"))
                #expect(try k("explain", "pod.spec.hostNetwork").contains("FIELD: hostNetwork <boolean>"))
                #expect(try k("explain", "services").contains("spec\t<ServiceSpec>"))
            }
        }

        @Test("get -w shows each change as it comes", arguments: Kubectl.all)
        func watch(_ kubectl: Kubectl) throws {
            try kubectl.inNamespace("watch") { k in
                let watch = try k.start("get", "configmaps", "-w", "--output-watch-events")
                #expect(try watch.waitForOutput(containing: "kube-root-ca.crt"))
                try k.apply(Manifests.configMap("news"))
                #expect(try watch.waitForOutput(containing: " news "))
                try k.apply(Manifests.configMap("news", "key: other"))
                try k("delete", "configmap", "news")
                #expect(try watch.waitForOutput(containing: "DELETED"))
                watch.send(SIGTERM)
                let output = try watch.wait().output
                let news = output.split(separator: "\n").filter { $0.contains(" news ") }
                #expect(
                    news.map { $0.split(separator: " ")[0] } == ["ADDED", "MODIFIED", "DELETED"], "\(output)")
            }
        }
    }
}
