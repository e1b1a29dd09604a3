import Addressing
import KubernetesModel
import Testing
import Topology

@testable import Runtime

@Suite("The status of pods")
struct PodStatusTests {
    private let then = Timestamp(seconds: 1_000)
    private let now = Timestamp(seconds: 1_060)

    private func pod(policy: String = "Always", containers: [String] = ["web"]) -> APIObject {
        var pod = APIObject(.pods, name: "web")
        pod.uid = "u"
        pod["spec"] = [
            "restartPolicy": .string(policy),
            "containers": .array(containers.map { ["name": .string($0), "image": "nginx"] }),
        ]
        return pod
    }

    private func run(_ containers: [String: ContainerRun]) throws -> PodRun {
        var run = PodRun(uid: "u", startedAt: then)
        run.spec = PodSpec(name: "web", node: "node1", address: [try #require(IPAddress("10.244.1.5"))])
        run.containers = containers
        return run
    }

    private func running(ready: Bool = true) -> ContainerRun {
        var container = ContainerRun(state: .running(process: 1))
        container.startedAt = then
        container.isStarted = true
        container.isProbedReady = ready
        return container
    }

    private func ended(_ status: Int32, backingOff: Bool = false, restarts: Int = 0) -> ContainerRun {
        var container = ContainerRun(state: .terminated(exitStatus: status))
        container.startedAt = then
        container.end = ContainerRun.End(exitStatus: status, startedAt: then, finishedAt: now)
        container.isBackingOff = backingOff
        container.restarts = restarts
        return container
    }

    private func status(_ pod: APIObject, _ run: PodRun) throws -> JSONValue {
        PodStatus(
            pod: pod, run: run, nodeAddresses: [try #require(IPAddress("192.168.1.10"))], now: now
        ).value
    }

    private func condition(_ type: String, _ status: JSONValue) -> JSONValue? {
        status["conditions"]?.array?.first { $0["type"]?.string == type }
    }

    @Test("a pod whose containers run and are ready is ready, with its addresses and its node's")
    func ready() throws {
        let status = try status(pod(), run(["web": running()]))
        #expect(status["phase"] == "Running" && status["podIP"] == "10.244.1.5" && status["hostIP"] == "192.168.1.10")
        #expect(status["podIPs"] == [["ip": "10.244.1.5"]])
        #expect(condition("Ready", status)?["status"] == "True")
        #expect(status["containerStatuses"]?.array?.first?["ready"] == true)
    }

    @Test("a container whose readiness probe fails keeps its pod from being ready, and is named")
    func unready() throws {
        let pod = pod(containers: ["web", "side"])
        let status = try status(pod, run(["web": running(ready: false), "side": running()]))
        #expect(status["phase"] == "Running")
        #expect(condition("Ready", status)?["status"] == "False")
        #expect(condition("Ready", status)?["message"] == "containers with unready status: [web]")
    }

    @Test(
        "what the restart policy makes of ended containers",
        arguments: [
            ("Always", Int32(0), "Running"), ("OnFailure", 0, "Succeeded"), ("OnFailure", 1, "Running"),
            ("Never", 0, "Succeeded"), ("Never", 1, "Failed"),
        ])
    func phases(policy: String, exitStatus: Int32, phase: String) throws {
        let status = try status(pod(policy: policy), run(["web": ended(exitStatus)]))
        #expect(status["phase"]?.string == phase)
    }

    @Test("a container that keeps ending is in CrashLoopBackOff, its last end told")
    func backOff() throws {
        var container = ended(1, backingOff: true, restarts: 2)
        container.lastEnd = container.end
        let status = try status(pod(), run(["web": container]))
        let told = status["containerStatuses"]?.array?.first
        #expect(told?["state"]?["waiting"]?["reason"] == "CrashLoopBackOff")
        #expect(
            told?["state"]?["waiting"]?["message"]
                == "back-off 20s restarting failed container in pod web_default(u)")
        #expect(told?["lastState"]?["terminated"]?["exitCode"] == 1 && told?["restartCount"] == 2)
    }

    @Test("the moment of a condition's change stays as long as the condition does, and others' conditions stay")
    func transitions() throws {
        var pod = pod()
        pod["status"] = [
            "conditions": [
                ["type": "Ready", "status": "True", "lastTransitionTime": "2020-01-01T00:00:00Z"],
                ["type": "example.com/gate", "status": "True"],
            ]
        ]
        let ready = try status(pod, run(["web": running()]))
        #expect(condition("Ready", ready)?["lastTransitionTime"] == "2020-01-01T00:00:00Z")
        #expect(condition("example.com/gate", ready)?["status"] == "True")
        let unready = try status(pod, run(["web": running(ready: false)]))
        #expect(condition("Ready", unready)?["lastTransitionTime"]?.string == now.description)
    }

    @Test("a readiness gate that nobody has opened keeps the pod from being ready")
    func gates() throws {
        var pod = pod()
        pod["spec", "readinessGates"] = [["conditionType": "example.com/gate"]]
        let status = try status(pod, run(["web": running()]))
        #expect(condition("ContainersReady", status)?["status"] == "True")
        #expect(condition("Ready", status)?["status"] == "False")
        #expect(condition("Ready", status)?["reason"] == "ReadinessGatesNotReady")
    }

    @Test("a pod without a network says why, and stops saying so when it has one")
    func refusal() throws {
        var without = PodRun(uid: "u", startedAt: then)
        without.refusal = "no address left"
        var pod = pod()
        pod["status"] = try status(pod, without)
        #expect(pod["status", "phase"] == "Pending" && pod["status", "message"] == "no address left")
        let with = try status(pod, run(["web": running()]))
        #expect(with["message"] == nil && with["reason"] == nil)
    }

    @Test("restarts wait twice as long each time, up to five minutes, and ten minutes of running forgive all")
    func delays() {
        let delays = (0...8).map { RestartBackoff.delay(restarts: $0, ranFor: 1) }
        #expect(delays == [0, 10, 20, 40, 80, 160, 300, 300, 300])
        #expect(RestartBackoff.delay(restarts: 1_000_000, ranFor: 0) == 300)
        #expect(RestartBackoff.delay(restarts: 5, ranFor: 600) == 0)
    }
}
