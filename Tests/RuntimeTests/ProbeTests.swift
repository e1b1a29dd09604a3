import KubernetesModel
import Testing

@testable import Runtime

@Suite("Probes")
struct ProbeTests {
    @Test("a probe reads its action and its numbers, with the API's defaults")
    func reading() throws {
        let container: JSONValue = [
            "ports": [["name": "web", "containerPort": 8080]],
            "readinessProbe": ["httpGet": ["path": "healthz", "port": "web"], "periodSeconds": 3],
            "livenessProbe": ["tcpSocket": ["port": 80], "failureThreshold": 5, "initialDelaySeconds": 2],
            "startupProbe": ["exec": ["command": ["true"]]],
        ]
        let readiness = try #require(Probe(.readiness, of: container))
        #expect(readiness.action == .http(host: nil, port: 8080, path: "/healthz", headers: []))
        #expect(readiness.period == 3 && readiness.timeout == 1 && readiness.failureThreshold == 3)
        let liveness = try #require(Probe(.liveness, of: container))
        #expect(liveness.action == .tcp(host: nil, port: 80))
        #expect(liveness.initialDelay == 2 && liveness.period == 10 && liveness.failureThreshold == 5)
        #expect(Probe(.startup, of: container)?.action == .exec(["true"]))
    }

    @Test(
        "what cannot be tried is no probe",
        arguments: [
            [:], ["readinessProbe": ["grpc": ["port": 1]]], ["readinessProbe": ["tcpSocket": ["port": "none"]]],
            ["readinessProbe": ["exec": ["command": []]]], ["readinessProbe": ["tcpSocket": ["port": 70000]]],
        ] as [JSONValue])
    func none(container: JSONValue) {
        #expect(Probe(.readiness, of: container) == nil)
    }

    @Test("only enough tries of one kind in a row change a verdict")
    func counting() throws {
        let container: JSONValue = [
            "readinessProbe": ["tcpSocket": ["port": 80], "successThreshold": 2, "failureThreshold": 3]
        ]
        let probe = try #require(Probe(.readiness, of: container))
        var count = ProbeCount()
        let tries = [false, false, true, true, false, false, true, false, false, false]
        #expect(
            tries.map { count.count($0, probe) } == [nil, nil, nil, true, nil, nil, nil, nil, nil, false])
    }

    @Test(
        "variables are filled in as the kubelet does",
        arguments: [
            ("$(A)-$(B)", "1-$(B)"), ("$$(A)", "$(A)"), ("$A $", "$A $"), ("$(A", "$(A"), ("plain", "plain"),
            ("$$$(A)", "$1"),
        ])
    func expansion(text: String, expanded: String) {
        #expect(ContainerEnvironment.expanded(text, ["A": "1"]) == expanded)
    }
}
