import ArgumentParser
import KubernetesModel
import Testing

@testable import lab

@Suite("The verbs about objects")
struct ObjectVerbTests {
    private static func parsed<Verb: ParsableCommand>(_ line: String, as type: Verb.Type = Verb.self) throws -> Verb {
        try #require(try Lab.parseAsRoot(line.split(separator: " ").map(String.init)) as? Verb)
    }

    @Test("take their options in kubectl's spellings")
    func options() throws {
        let get: Get = try Self.parsed("get pods -A -l app=web -o wide --show-labels -w --sort-by .metadata.name")
        #expect(get.allNamespaces && get.watch && get.showLabels)
        #expect(get.selector == "app=web" && get.output == "wide" && get.sortBy == ".metadata.name")
        for spelling in ["-o yaml", "-o=yaml", "-oyaml", "--output yaml", "--output=yaml"] {
            #expect(try Self.parsed("get pods \(spelling)", as: Get.self).output == "yaml")
        }
        for spelling in ["-n shop", "-n=shop", "--namespace shop", "--namespace=shop"] {
            #expect(try Self.parsed("get pods \(spelling)", as: Get.self).namespace == "shop")
        }
        let logs: Logs = try Self.parsed("logs -f deploy/web -c nginx --tail=5 -p --since 1h30m --timestamps")
        #expect(logs.follow && logs.previous && logs.timestamps)
        #expect(logs.target == "deploy/web" && logs.container == "nginx" && logs.tail == 5)
        let delete: Delete = try Self.parsed("delete pod a b --grace-period=0 --force --wait=false --ignore-not-found")
        #expect(delete.gracePeriod == 0 && delete.force && delete.ignoreNotFound)
        #expect(delete.wait == .no)
        #expect(try Self.parsed("delete -f a.yaml -f b.yaml", as: Delete.self).filename == ["a.yaml", "b.yaml"])
        #expect(try Self.parsed("apply -f - --server-side", as: Apply.self).filename == ["-"])
        #expect(try Self.parsed("apply -f a.yaml", as: Apply.self).dryRun == nil)
        #expect(try Self.parsed("apply -f a.yaml --dry-run", as: Apply.self).dryRun == .server)
        #expect(try Self.parsed("apply -f a.yaml --dry-run=client", as: Apply.self).dryRun == .client)
    }

    @Test(
        "refuse what makes no sense",
        arguments: [
            "apply", "apply a.yaml", "delete", "delete pod a -f b.yaml",
            "delete pods --all -l a=b", "delete pod a --force --grace-period=5", "logs", "logs a -l app=web",
            "logs a -c x --all-containers", "get pods --foo",
        ])
    func refused(line: String) {
        #expect(throws: (any Error).self) { try Lab.parseAsRoot(line.split(separator: " ").map(String.init)) }
    }

    @Test(
        "read durations as kubectl's logs do",
        arguments: [("30s", 30), ("5m", 300), ("1h30m", 5400), ("0s", 0)])
    func durations(text: String, seconds: Int) {
        #expect(Logs.seconds(text) == seconds)
    }

    @Test("refuse durations that are none", arguments: ["", "5", "m", "5x", "-5s", "99999999999999999999s", "5m3"])
    func oddDurations(text: String) {
        #expect(Logs.seconds(text) == nil)
    }

    @Test("choose the pod that is best to look at")
    func choice() {
        func pod(_ name: String, _ phase: String, node: String = "n", isReady: Bool = false, _ time: String = "1")
            -> APIObject
        {
            var pod = APIObject(.pods, name: name)
            pod["spec", "nodeName"] = .string(node)
            pod["status", "phase"] = .string(phase)
            pod["status", "conditions"] = [["type": "Ready", "status": .string(isReady ? "True" : "False")]]
            pod["metadata", "creationTimestamp"] = .string(time)
            return pod
        }
        let pods = [
            pod("unassigned", "Pending", node: ""), pod("pending", "Pending"), pod("unready", "Running"),
            pod("younger", "Running", isReady: true, "2"), pod("older", "Running", isReady: true, "1"),
        ]
        #expect(
            pods.sorted(by: Logs.isBetter).map(\.name) == ["older", "younger", "unready", "pending", "unassigned"])
    }
}
