import Foundation
import LabFixture
import Testing

/// A lab whose supervisor crashes is no lab for the other tests.
@Suite("Clients after a crash of the supervisor")
struct CrashTests {
    @Test("the same objects, versions that go on, the same processes, and 410 for a watch from before")
    func crash() throws {
        let lab = try TestLab()
        defer { do { try lab.remove() } catch { Issue.record(error) } }
        let file = try lab.file(Clients.labFile)
        try lab.succeed("up", file)
        let kubectl = try #require(Kubectl.all.last)
        let k = KubectlSession(kubectl: kubectl, lab: lab, namespace: "default")
        try k.apply(Manifests.web(replicas: 2) + "\n---\n" + Manifests.service())
        try k("rollout", "status", "deployment/web", "--timeout=50s")
        func objects() throws -> [String] {
            let path = "jsonpath={range .items[*]}{.kind}/{.metadata.name}/{.metadata.uid}{'\\n'}{end}"
            return try k("get", "pods,services,deployments,replicasets,configmaps,nodes", "-o", path)
                .split(separator: "\n").map(String.init).sorted()
        }
        func version() throws -> Int {
            try #require(
                Int(k("get", "--raw", "/api/v1/pods?limit=1").firstMatch(of: /"resourceVersion":"(\d+)"/)?.1 ?? ""))
        }
        func processes() -> [pid_t] { lab.containers().sorted() }
        let (objectsBefore, versionBefore, processesBefore) = (try objects(), try version(), processes())
        let podVersion = try k("get", "pod", "pod-a", "-o", "jsonpath={.metadata.resourceVersion}")
        #expect(processesBefore.count >= 2)
        #expect(objectsBefore.count >= 10, "\(objectsBefore)")

        lab.killSupervisors()
        #expect(try k.run("get", "pods").status != 0)
        try lab.succeed("up", file)

        #expect(try objects() == objectsBefore)
        #expect(processes() == processesBefore)
        #expect(try version() >= versionBefore)
        #expect(
            try k("get", "deployment", "web", "--no-headers").split(separator: " ").prefix(4)
                == ["web", "2/2", "2", "2"])
        for pod in try k("get", "pods", "-l", "app=web", "-o", "jsonpath={.items[*].metadata.name}").split(
            separator: " ")
        {
            let restarts = try k("get", "pod", "\(pod)", "-o", "jsonpath={.status.containerStatuses[0].restartCount}")
            #expect(restarts == "0")
            #expect(try k("logs", "\(pod)") == "started")
        }
        let gone = try run(
            PythonClient.interpreter, PythonClient.program(), "gone", podVersion, environment: lab.clientEnvironment)
        #expect(gone.status == 0, "\(gone)")

        // What is deleted afterwards goes with its processes; what is scaled comes.
        try k("scale", "deployment/web", "--replicas=3")
        try k("rollout", "status", "deployment/web", "--timeout=50s")
        try k("delete", "deployment", "web", "--cascade=foreground")
        #expect(eventually { Set(processes()).isDisjoint(with: processesBefore) })
    }
}
