import Addressing
import KubernetesModel
import Nftables
import ServiceProxy

/// What it takes to give a node the rules of many Services, and to change one endpoint of them: the built-in proxies' own
/// code, in the calling thread's network namespace.
struct ProxyProgramming {
    private let settings: ProxySettings
    private let node: ProxyNode
    private let services: [Service]
    private let slices: [EndpointSlice]
    /// What one of the slices' endpoints are replaced in.
    private let sliceObjects: [APIObject]

    /// What one turn took.
    struct Turn {
        /// To work out the ports and their endpoints from the objects, and the tables from these.
        var building: Duration = .zero
        /// To encode the tables, and what the kernel takes for them.
        var kernel: Duration = .zero
        /// Bytes of the kernel's memory.
        var memory = 0.0
        var total: Duration { building + kernel }
    }

    init(_ many: ManyServices) throws {
        let objects = try many.objects()
        services = objects.services.map { Service($0) }
        slices = objects.slices.map { EndpointSlice($0) }
        sliceObjects = objects.slices
        let ranges = ["10.244.0.0/16", "10.96.0.0/12"].compactMap { CIDR($0) }
        settings = ProxySettings(podRanges: [ranges[0]], serviceRanges: [ranges[1]])
        node = ProxyNode(name: "node1", addresses: ["192.168.1.10"].compactMap { IPAddress($0) })
    }

    private func track() -> ServiceTracker {
        var tracker = ServiceTracker(settings)
        tracker.replaceAll(services: services, endpointSlices: slices)
        _ = tracker.takeChanges()
        return tracker
    }

    /// Gives the namespace the rules of all Services.
    func program(_ layout: ProxyLayout, _ handle: NftablesHandle) throws -> Turn {
        var turn = Turn()
        let before = try KernelMemory.now()
        let start = ContinuousClock.now
        let tables = NodeRuleset.build(layout, node: node, settings: settings, from: track()).tables
        let built = ContinuousClock.now
        try handle.replace(tables)
        turn.building = built - start
        turn.kernel = ContinuousClock.now - built
        turn.memory = try KernelMemory.now() - before
        return turn
    }

    /// The rules as a file for `nft -f`.
    func text(_ layout: ProxyLayout) -> String {
        NodeRuleset(layout, node: node, settings: settings, from: track()).tables.map(\.description).joined()
    }

    /// Replaces one endpoint of single Services, one after the other, in a namespace that has the rules.
    ///
    /// - Parameter commit: carries a change out.
    func replaceEndpoints(
        _ layout: ProxyLayout, turns: Int, commit: (RulesetUpdate) throws -> Void
    ) throws -> [Turn] {
        var tracker = track()
        var ruleset = NodeRuleset(layout, node: node, settings: settings, from: tracker)
        let step = max(1, services.count / turns)
        return try (0..<turns).map { number in
            var object = sliceObjects[number * step]
            var endpoints = object["endpoints"]?.array ?? []
            if !endpoints.isEmpty { endpoints[0] = ["addresses": [.string("10.244.9.\(number % 250 + 1)")]] }
            object["endpoints"] = .array(endpoints)
            let slice = EndpointSlice(object)
            var turn = Turn()
            let start = ContinuousClock.now
            tracker.update(slice)
            let update = ruleset.update(tracker.takeChanges(), from: tracker)
            let built = ContinuousClock.now
            try commit(update)
            turn.building = built - start
            turn.kernel = ContinuousClock.now - built
            return turn
        }
    }

    /// Takes the rules away again.
    func clear(_ handle: NftablesHandle) throws {
        try handle.delete(ProxyLayout.tables)
        // The kernel frees what was deleted in the background, and the next transaction waits for it.
        _ = try Child.run(["nft", "list", "tables"]).expectSuccess()
    }
}

/// The kernel's memory for small and large objects.
enum KernelMemory {
    /// Bytes in use now.
    static func now() throws -> Double {
        let fields = ["Slab:", "VmallocUsed:", "Percpu:"]
        let lines = try TextFile.read("/proc/meminfo").split(separator: "\n")
        return lines.filter { line in fields.contains { line.hasPrefix($0) } }.reduce(0) { sum, line in
            sum + (line.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0) * 1024
        }
    }
}
