import KubernetesModel
import TestSupport
import Testing

@Suite("Pods in tables")
struct PodTableTests {
    static let running = #"{"name":"c","ready":true,"restartCount":0,"state":{"running":{}}}"#
    static let finished =
        #"{"name":"c","ready":false,"restartCount":0,"state":{"terminated":{"exitCode":0,"reason":"Completed"}}}"#

    @Test(
        "READY, STATUS and RESTARTS follow from the containers",
        arguments: [
            (#"{"phase":"Pending"}"#, "0/2 Pending 0"),
            (
                #"{"phase":"Pending","containerStatuses":[{"name":"a","state":{"waiting":{"reason":"ContainerCreating"}}}]}"#,
                "0/2 ContainerCreating 0"
            ),
            (#"{"phase":"Running","containerStatuses":[\#(running),\#(running)]}"#, "2/2 Running 0"),
            (
                #"{"phase":"Running","containerStatuses":[\#(running),\#(finished)],"conditions":[{"type":"Ready","status":"True"}]}"#,
                "1/2 Running 0"
            ),
            (#"{"phase":"Running","containerStatuses":[\#(running),\#(finished)]}"#, "1/2 NotReady 0"),
            (#"{"phase":"Succeeded","containerStatuses":[\#(finished),\#(finished)]}"#, "0/2 Completed 0"),
            (
                #"{"phase":"Failed","containerStatuses":[{"name":"a","state":{"terminated":{"exitCode":1,"reason":"Error"}}}]}"#,
                "0/2 Error 0"
            ),
            (
                #"{"phase":"Failed","containerStatuses":[{"name":"a","state":{"terminated":{"exitCode":3}}}]}"#,
                "0/2 ExitCode:3 0"
            ),
            (
                #"{"phase":"Failed","containerStatuses":[{"name":"a","state":{"terminated":{"exitCode":137,"signal":9}}}]}"#,
                "0/2 Signal:9 0"
            ),
            (
                #"{"phase":"Running","containerStatuses":[{"name":"a","restartCount":3,"state":{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"exitCode":1,"finishedAt":"2026-01-01T00:09:50Z"}}},\#(running)]}"#,
                "1/2 CrashLoopBackOff 3 (10s ago)"
            ),
            (#"{"phase":"Failed","reason":"Evicted"}"#, "0/2 Evicted 0"),
            (
                #"{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"SchedulingGated"}]}"#,
                "0/2 SchedulingGated 0"
            ),
        ])
    func status(status: String, shown: String) throws {
        let cells = try row(
            .pods, #"{"spec":{"containers":[{"name":"a"},{"name":"b"}]},"status":\#(status)}"#)
        #expect(cells[1...3].joined(separator: " ") == shown)
    }

    @Test(
        "init containers come first",
        arguments: [
            (#"{"name":"i","state":{"running":{}}}"#, "0/1 Init:0/2 0"),
            (#"{"name":"i","state":{"waiting":{"reason":"PodInitializing"}}}"#, "0/1 Init:0/2 0"),
            (
                #"{"name":"i","state":{"waiting":{"reason":"CrashLoopBackOff"}},"restartCount":2}"#,
                "0/1 Init:CrashLoopBackOff 2"
            ),
            (#"{"name":"i","state":{"terminated":{"exitCode":1,"reason":"Error"}}}"#, "0/1 Init:Error 0"),
            (#"{"name":"i","state":{"terminated":{"exitCode":2}}}"#, "0/1 Init:ExitCode:2 0"),
            (
                #"{"name":"i","state":{"terminated":{"exitCode":0}}},{"name":"j","state":{"running":{}}}"#,
                "0/1 Init:1/2 0"
            ),
        ])
    func initContainers(statuses: String, shown: String) throws {
        let cells = try row(
            .pods,
            #"{"spec":{"initContainers":[{"name":"i"},{"name":"j"}],"containers":[{"name":"a"}]},"status":{"phase":"Pending","initContainerStatuses":[\#(statuses)],"containerStatuses":[{"name":"a","state":{"waiting":{"reason":"PodInitializing"}}}]}}"#
        )
        #expect(cells[1...3].joined(separator: " ") == shown)
    }

    @Test("sidecars count as containers")
    func sidecars() throws {
        let cells = try row(
            .pods,
            #"{"spec":{"initContainers":[{"name":"s","restartPolicy":"Always"}],"containers":[{"name":"a"}]},"status":{"phase":"Running","initContainerStatuses":[{"name":"s","started":true,"ready":true,"restartCount":1,"state":{"running":{}}}],"containerStatuses":[\#(Self.running)]}}"#
        )
        #expect(cells[1...3] == ["2/2", "Running", "1"])
    }

    @Test("a pod that is being deleted is terminating, unless it has ended or its node is lost")
    func deletion() throws {
        func word(_ status: String) throws -> String {
            try row(.pods, #"{"metadata":{"deletionTimestamp":"2026-01-01T00:10:30Z"},"status":\#(status)}"#)[2]
        }
        #expect(try word(#"{"phase":"Running"}"#) == "Terminating")
        #expect(try word(#"{"phase":"Succeeded"}"#) == "Succeeded")
        #expect(try word(#"{"phase":"Running","reason":"NodeLost"}"#) == "Unknown")
    }

    @Test("-o wide tells address, node and gates")
    func wide() throws {
        #expect(try row(.pods, "{}")[5...] == ["<none>", "<none>", "<none>", "<none>"])
        #expect(
            try row(
                .pods,
                #"{"spec":{"nodeName":"n1","readinessGates":[{"conditionType":"a"},{"conditionType":"b"}]},"status":{"podIPs":[{"ip":"10.1.0.2"},{"ip":"fd00::2"}],"nominatedNodeName":"n2","conditions":[{"type":"a","status":"True"}]}}"#
            )[5...] == ["10.1.0.2", "n1", "n2", "1/2"])
    }
}
