import KubernetesModel
import TestSupport
import Testing

/// 2026-01-01T00:10:00Z.
let tableNow: Int64 = 1_767_226_200

/// The row of an object, as texts.
func row(_ type: ResourceType, _ text: String) throws -> [String] {
    var object = APIObject(type, name: "web")
    object["metadata", "creationTimestamp"] = "2026-01-01T00:00:00Z"
    object.value = try MergePatch.apply(json(text), to: object.value)
    return type.tableCells(of: object, now: tableNow).map { $0.string ?? $0.text }
}

@Suite("Tables")
struct TableTests {
    @Test("every kind has a cell for each column, whatever its objects look like", arguments: ResourceType.all)
    func cells(type: ResourceType) {
        #expect(type.tableColumns.count(where: { $0.format == "name" }) == 1)
        for seed in UInt64(0)..<300 {
            var trees = RandomTrees(generator: SeededGenerator(seed: seed))
            var object = APIObject(type, name: "web")
            for field in ["spec", "status", "data", "subsets", "endpoints", "ports", "series"] {
                object[field] = trees.value(depth: 1)
            }
            #expect(type.tableCells(of: object, now: 0).count == type.tableColumns.count, "seed \(seed)")
        }
    }

    @Test(
        "headings are kubectl's",
        arguments: [
            (ResourceType.pods, "NAME READY STATUS RESTARTS AGE / IP|NODE|NOMINATED NODE|READINESS GATES"),
            (.services, "NAME TYPE CLUSTER-IP EXTERNAL-IP PORT(S) AGE / SELECTOR"),
            (
                .nodes,
                "NAME STATUS ROLES AGE VERSION / INTERNAL-IP|EXTERNAL-IP|OS-IMAGE|KERNEL-VERSION|CONTAINER-RUNTIME"
            ),
            (.deployments, "NAME READY UP-TO-DATE AVAILABLE AGE / CONTAINERS|IMAGES|SELECTOR"),
            (.replicaSets, "NAME DESIRED CURRENT READY AGE / CONTAINERS|IMAGES|SELECTOR"),
            (.endpoints, "NAME ENDPOINTS AGE / "), (.endpointSlices, "NAME ADDRESSTYPE PORTS ENDPOINTS AGE / "),
            (.networkPolicies, "NAME POD-SELECTOR AGE / "), (.ingresses, "NAME CLASS HOSTS ADDRESS PORTS AGE / "),
            (.ingressClasses, "NAME CONTROLLER PARAMETERS AGE / "), (.configMaps, "NAME DATA AGE / "),
            (.secrets, "NAME TYPE DATA AGE / "), (.namespaces, "NAME STATUS AGE / "),
            (.serviceAccounts, "NAME SECRETS AGE / "), (.leases, "NAME HOLDER AGE / "),
            (.serviceCIDRs, "NAME CIDRS AGE / "),
            (.events, "LAST SEEN TYPE REASON OBJECT MESSAGE / SUBOBJECT|SOURCE|FIRST SEEN|COUNT|NAME"),
        ])
    func headings(type: ResourceType, headings: String) {
        let shown = type.tableColumns.filter { $0.priority == 0 }.map { $0.name.uppercased() }
        let wide = type.tableColumns.filter { $0.priority == 1 }.map { $0.name.uppercased() }
        #expect("\(shown.joined(separator: " ")) / \(wide.joined(separator: "|"))" == headings)
    }

    @Test(
        "services",
        arguments: [
            (
                #"{"type":"ClusterIP","clusterIP":"10.0.0.1","ports":[{"port":80,"protocol":"TCP"}],"selector":{"b":"2","a":"1"}}"#,
                ["web", "ClusterIP", "10.0.0.1", "<none>", "80/TCP", "10m", "a=1,b=2"]
            ),
            (
                #"{"type":"NodePort","clusterIP":"10.0.0.1","externalIPs":["1.1.1.1"],"ports":[{"port":80,"nodePort":30007,"protocol":"TCP"},{"port":53,"protocol":"UDP"}]}"#,
                ["web", "NodePort", "10.0.0.1", "1.1.1.1", "80:30007/TCP,53/UDP", "10m", "<none>"]
            ),
            (
                #"{"type":"LoadBalancer","clusterIP":"10.0.0.1"}"#,
                ["web", "LoadBalancer", "10.0.0.1", "<pending>", "<none>", "10m", "<none>"]
            ),
            (
                #"{"type":"ExternalName","externalName":"example.com"}"#,
                ["web", "ExternalName", "<none>", "example.com", "<none>", "10m", "<none>"]
            ),
            (
                #"{"type":"ClusterIP","clusterIP":"None"}"#,
                ["web", "ClusterIP", "None", "<none>", "<none>", "10m", "<none>"]
            ),
        ])
    func services(spec: String, cells: [String]) throws {
        #expect(try row(.services, #"{"spec":\#(spec)}"#) == cells)
    }

    @Test("a load balancer's addresses are shown with the external ones")
    func loadBalancer() throws {
        let cells = try row(
            .services,
            #"{"spec":{"type":"LoadBalancer","externalIPs":["9.9.9.9"]},"status":{"loadBalancer":{"ingress":[{"ip":"2.2.2.2"},{"hostname":"lb.example"},{"ip":"1.1.1.1"}]}}}"#
        )
        #expect(cells[3] == "1.1.1.1,2.2.2.2,lb.example,9.9.9.9")
    }

    @Test(
        "endpoints are shortened to three",
        arguments: [
            ("{}", "<none>"), (#"{"subsets":[]}"#, "<none>"),
            (
                #"{"subsets":[{"addresses":[{"ip":"10.0.0.1"},{"ip":"fd00::1"}],"ports":[{"port":80}]}]}"#,
                "10.0.0.1:80,[fd00::1]:80"
            ),
            (
                #"{"subsets":[{"addresses":[{"ip":"1.1.1.1"},{"ip":"1.1.1.2"}],"ports":[{"port":1},{"port":2}]},{"addresses":[{"ip":"1.1.1.3"}]}]}"#,
                "1.1.1.1:1,1.1.1.2:1,1.1.1.1:2 + 2 more..."
            ),
        ])
    func endpoints(text: String, cell: String) throws {
        #expect(try row(.endpoints, text) == ["web", cell, "10m"])
    }

    @Test("endpoint slices")
    func slices() throws {
        #expect(
            try row(
                .endpointSlices,
                #"{"addressType":"IPv4","ports":[{"port":80},{"name":"x"},{}],"endpoints":[{"addresses":["1.1.1.1"]},{"addresses":["1.1.1.2"]},{"addresses":["1.1.1.3"]},{"addresses":["1.1.1.4"]}]}"#
            ) == ["web", "IPv4", "80,x,*", "1.1.1.1,1.1.1.2,1.1.1.3 + 1 more...", "10m"])
        #expect(try row(.endpointSlices, #"{"addressType":"IPv6"}"#) == ["web", "IPv6", "<unset>", "<unset>", "10m"])
    }

    @Test("nodes")
    func nodes() throws {
        #expect(
            try row(
                .nodes,
                #"{"metadata":{"labels":{"node-role.kubernetes.io/control-plane":"","kubernetes.io/role":"edge"}},"spec":{"unschedulable":true},"status":{"conditions":[{"type":"Ready","status":"True"}],"addresses":[{"type":"InternalIP","address":"192.168.0.1"}],"nodeInfo":{"kubeletVersion":"v1.36.0","osImage":"Debian"}}}"#
            ) == [
                "web", "Ready,SchedulingDisabled", "control-plane,edge", "10m", "v1.36.0", "192.168.0.1", "<none>",
                "Debian",
                "<unknown>", "<unknown>",
            ])
        #expect(try row(.nodes, "{}")[1...2] == ["Unknown", "<none>"])
        #expect(
            try row(.nodes, #"{"status":{"conditions":[{"type":"Ready","status":"False"}]}}"#)[1] == "NotReady")
    }

    @Test("deployments and replica sets")
    func deployments() throws {
        let spec =
            #"{"replicas":3,"selector":{"matchLabels":{"app":"web"},"matchExpressions":[{"key":"tier","operator":"In","values":["b","a"]},{"key":"x","operator":"DoesNotExist"}]},"template":{"spec":{"containers":[{"name":"a","image":"nginx"},{"name":"b","image":"redis:7"}]}}}"#
        #expect(
            try row(
                .deployments,
                #"{"spec":\#(spec),"status":{"readyReplicas":2,"updatedReplicas":3,"availableReplicas":1}}"#)
                == ["web", "2/3", "3", "1", "10m", "a,b", "nginx,redis:7", "app=web,tier in (a,b),!x"])
        #expect(
            try row(.replicaSets, #"{"spec":\#(spec),"status":{"replicas":3,"readyReplicas":2}}"#)[0...4]
                == ["web", "3", "3", "2", "10m"])
    }

    @Test("the smaller kinds")
    func others() throws {
        #expect(try row(.networkPolicies, #"{"spec":{"podSelector":{}}}"#) == ["web", "<none>", "10m"])
        #expect(
            try row(.networkPolicies, #"{"spec":{"podSelector":{"matchLabels":{"a":"b"}}}}"#) == ["web", "a=b", "10m"])
        #expect(
            try row(
                .ingresses,
                #"{"spec":{"ingressClassName":"nginx","tls":[{}],"rules":[{"host":"a"},{"host":"b"},{"host":"c"},{"host":"d"}]},"status":{"loadBalancer":{"ingress":[{"ip":"1.1.1.1"}]}}}"#
            ) == ["web", "nginx", "a,b,c + 1 more...", "1.1.1.1", "80, 443", "10m"])
        #expect(try row(.ingresses, "{}") == ["web", "<none>", "*", "", "80", "10m"])
        #expect(
            try row(
                .ingressClasses,
                #"{"spec":{"controller":"example.com/c","parameters":{"apiGroup":"k8s.example.com","kind":"P","name":"n"}}}"#
            ) == ["web", "example.com/c", "P.k8s.example.com/n", "10m"])
        #expect(try row(.configMaps, #"{"data":{"a":"1"},"binaryData":{"b":""}}"#) == ["web", "2", "10m"])
        #expect(try row(.secrets, #"{"type":"Opaque","data":{"a":""}}"#) == ["web", "Opaque", "1", "10m"])
        #expect(try row(.namespaces, #"{"status":{"phase":"Active"}}"#) == ["web", "Active", "10m"])
        #expect(try row(.serviceAccounts, "{}") == ["web", "0", "10m"])
        #expect(try row(.leases, #"{"spec":{"holderIdentity":"me"}}"#) == ["web", "me", "10m"])
        #expect(
            try row(.serviceCIDRs, #"{"spec":{"cidrs":["10.0.0.0/24","fd00::/108"]}}"#)[1] == "10.0.0.0/24,fd00::/108")
    }

    @Test("events, of the old style and the new")
    func events() throws {
        #expect(
            try row(
                .events,
                #"{"type":"Normal","reason":"Started","message":" Started it \n","involvedObject":{"kind":"Pod","name":"p","fieldPath":"spec.containers{c}"},"source":{"component":"kubelet","host":"node1"},"count":3,"firstTimestamp":"2026-01-01T00:05:00Z","lastTimestamp":"2026-01-01T00:09:50Z"}"#
            ) == [
                "10s", "Normal", "Started", "pod/p", "spec.containers{c}", "kubelet, node1", "Started it", "5m", "3",
                "web",
            ])
        #expect(
            try row(
                .events,
                #"{"type":"Warning","reason":"R","involvedObject":{"kind":"Node"},"reportingComponent":"c","eventTime":"2026-01-01T00:08:00.000000Z"}"#
            ) == ["2m", "Warning", "R", "node", "", "c", "", "2m", "1", "web"])
    }
}
