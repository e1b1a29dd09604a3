import Topology

/// What the API server can take: many objects applied and listed, a change told to many watchers, and the way of a pod
/// from the manifest to readiness.
struct APIMeasurement {
    let bench: Workbench
    let repetitions: Int

    private let sample = SampleLab(pods: 2, nodes: 2)
    private static let services = 10_000
    private static let watchers = 100
    private static let turns = 20

    func table() throws -> String {
        var objects = Table(["", "ms", "objects a second"])
        var reaction = Table(["", "ms"])
        var memory = Table(["objects", "supervisor's resident memory, MiB"])
        try bench.up(sample)
        defer { _ = try? bench.down(sample) }
        for (title, duration) in try podsToReadiness() { reaction.add([title, duration.milliseconds.figure]) }
        memory.add(["those of two pods", try residentMemory()])

        let many = ManyServices(count: Self.services)
        let count = 2 * Self.services
        for (name, text) in [("YAML", many.yaml), ("JSON", many.json)] {
            let path = "\(bench.directory)/services.\(name.lowercased())"
            try TextFile.write(path, text)
            for verb in ["new", "unchanged"] {
                let duration = try Child.run([bench.lab, "apply", "-f", path]).expectSuccess().duration
                objects.add([
                    "`lab apply -f`, \(Self.services) Services and as many EndpointSlices of 3 endpoints, \(name), \(verb)",
                    duration.milliseconds.figure, (Double(count) / duration.milliseconds * 1000).figure,
                ])
            }
            if name == "YAML" {
                try addLists(to: &objects)
                for (title, duration) in try changeToWatchers() {
                    reaction.add([title, duration.milliseconds.figure])
                }
                memory.add(["and \(count) more, read, listed and watched", try residentMemory()])
                try bench.down(sample)
                try bench.settle()
                try bench.up(sample)
            }
        }
        return "\(objects.text)\n\(reaction.text)\n\(memory.text)\n"
    }

    // MARK: Lists

    private func addLists(to table: inout Table) throws {
        let endpoints = ManyServices.endpoints * Self.services
        for (title, path) in [
            ("\(Self.services) Services", "/api/v1/services"),
            ("EndpointSlices with \(endpoints) endpoints", "/apis/discovery.k8s.io/v1/endpointslices"),
        ] {
            var durations: [Duration] = []
            var size = 0
            for _ in 0..<max(5, repetitions) {
                let connection = try APIConnection(sample.name)
                let start = ContinuousClock.now
                try connection.send("GET", path)
                let answer = try connection.answer()
                durations.append(ContinuousClock.now - start)
                size = answer.count
            }
            let milliseconds = durations.median?.milliseconds ?? 0
            table.add([
                "list of the \(title) in one answer of \((Double(size) / 1e6).figure) MB", milliseconds.figure,
                (Double(Self.services) / milliseconds * 1000).figure,
            ])
        }
    }

    // MARK: Watchers

    private func changeToWatchers() throws -> [(String, Duration)] {
        let version = try version()
        let watchers = try (0..<Self.watchers).map { _ in
            let connection = try APIConnection(sample.name)
            try connection.send("GET", "/api/v1/services?watch=1&resourceVersion=\(version)")
            return connection
        }
        try APIConnection.wait(for: "\r\n\r\n", from: watchers)
        var durations: [Duration] = []
        for turn in 0..<Self.turns {
            for watcher in watchers { watcher.forget() }
            let writer = try APIConnection(sample.name)
            let mark = "turn-\(turn)."
            let start = ContinuousClock.now
            try writer.send(
                "PATCH", "/api/v1/namespaces/default/services/service-\(turn)", type: "application/merge-patch+json",
                body: "{\"metadata\":{\"annotations\":{\"bench\":\"\(mark)\"}}}")
            try APIConnection.wait(for: mark, from: watchers)
            durations.append(ContinuousClock.now - start)
            _ = try writer.answer()
        }
        let slowest = durations.max() ?? .zero
        return [
            ("a change, from the request to the last of \(Self.watchers) watchers", durations.median ?? .zero),
            ("the slowest of \(Self.turns) such changes", slowest),
        ]
    }

    /// The version of the latest change.
    private func version() throws -> String {
        let connection = try APIConnection(sample.name)
        // A list of nothing: its own version is the only one in it.
        try connection.send("GET", "/api/v1/namespaces?labelSelector=nobody%3Dhas")
        let text = String(decoding: try connection.answer(), as: UTF8.self)
        guard let rest = text.split(separator: "\"resourceVersion\":\"").dropFirst().first else {
            throw BenchError("the API's list has no version: \(text.prefix(500))")
        }
        return String(rest.prefix { $0 != "\"" })
    }

    // MARK: Pods

    private func podsToReadiness() throws -> [(String, Duration)] {
        var rows: [(String, Duration)] = []
        let kinds = [("built-in server", "agnhost"), ("process", "busybox")]
        for (title, image) in kinds {
            var whole: [Duration] = []
            var request: [Duration] = []
            for turn in 0..<Self.turns {
                whole.append(
                    try podToReadiness("cli-\(image)-\(turn)", image) { manifest in
                        let path = "\(bench.directory)/pod.json"
                        try TextFile.write(path, manifest)
                        return { try Child.run([bench.lab, "apply", "-f", path]).expectSuccess() }
                    })
                request.append(
                    try podToReadiness("api-\(image)-\(turn)", image) { manifest in
                        let connection = try APIConnection(sample.name)
                        return {
                            try connection.send("POST", "/api/v1/namespaces/default/pods", body: manifest)
                        }
                    })
            }
            rows.append(
                ("`lab apply -f` of a pod (\(title)), from fork until a watcher sees it ready", whole.median ?? .zero))
            rows.append(("the same pod posted to the API, from the request on", request.median ?? .zero))
        }
        rows.append(("the floor's part of a pod: what the kernel takes for its network", try floorOfPod()))
        return rows
    }

    private func podToReadiness(
        _ name: String, _ image: String, _ prepare: (_ manifest: String) throws -> () throws -> Any
    ) throws -> Duration {
        let watcher = try APIConnection(sample.name)
        try watcher.send(
            "GET", "/api/v1/pods?watch=1&resourceVersion=\(try version())&fieldSelector=metadata.name%3D\(name)")
        try APIConnection.wait(for: "\r\n\r\n", from: [watcher])
        let apply = try prepare(
            """
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"\(name)"},\
            "spec":{"containers":[{"name":"server","image":"\(image)"}]}}
            """)
        let start = ContinuousClock.now
        let kept = try apply()
        try APIConnection.wait(for: "\"status\":\"True\",\"type\":\"Ready\"", from: [watcher])
        defer { withExtendedLifetime(kept) {} }
        return ContinuousClock.now - start
    }

    /// What a pod more costs the kernel, from labs of 30 and of 10 pods.
    private func floorOfPod() throws -> Duration {
        var differences: [Duration] = []
        let lists = try [10, 30].map { pods in
            try OperationList(SampleLab(pods: pods, nodes: 1).operations(in: bench.directory))
        }
        for _ in 0..<max(5, repetitions) {
            var durations: [Duration] = []
            for list in lists {
                let floor = try FloorContender(bench: bench, operations: list)
                durations.append(try floor.build())
                _ = try floor.remove()
                try bench.settle()
            }
            differences.append((durations[1] - durations[0]) / 20)
        }
        return differences.median ?? .zero
    }

    // MARK: Memory

    private func residentMemory() throws -> String {
        let kibibytes = try MemoryMeasurement.supervisor(sample, field: "VmRSS")
        return kibibytes.map { ($0 / 1024).figure } ?? ""
    }
}
