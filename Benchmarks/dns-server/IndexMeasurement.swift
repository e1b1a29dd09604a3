import Addressing
import ClusterDNS
import KubernetesModel

/// What it takes to work out the names of many Services with ten endpoints each, and those of one whose endpoints change.
struct IndexMeasurement {
    private static let endpoints = 10
    private static let changes = 100

    private let settings: ClusterDNSSettings
    private let services: [Service]
    private let slices: [EndpointSlice]

    init(_ settings: ClusterDNSSettings, services count: Int) {
        self.settings = settings
        services = (0..<count).map { DNSServerBench.service($0) }
        slices = (0..<count).map { Self.slice($0, turn: 0) }
    }

    /// A line of Markdown for each figure.
    var text: String {
        let clock = ContinuousClock()
        let resolver = SharedResolver(settings)
        var names = DNSZone(settings)
        let built = clock.measure {
            for service in services { names.update(service) }
            for slice in slices { names.update(slice) }
            resolver.apply(names.takeChanges())
        }
        let changed = (0..<Self.changes).map { turn in
            let slice = Self.slice(turn * services.count / Self.changes, turn: turn + 1)
            return clock.measure {
                names.update(slice)
                resolver.apply(names.takeChanges())
            }
        }.sorted()
        return """
            | index of \(services.count) Services and \(services.count * Self.endpoints) endpoints | \(built) |
            | one endpoint of them changed, until it is answered | \(changed[changed.count / 2]) |
            """
    }

    private static func slice(_ index: Int, turn: Int) -> EndpointSlice {
        var object = APIObject(.endpointSlices, namespace: "ns-\(index % 100)", name: "service-\(index)-1")
        object.labels = ["kubernetes.io/service-name": "service-\(index)"]
        object["addressType"] = "IPv4"
        object["ports"] = [["name": "http", "protocol": "TCP", "port": 8080]]
        object["endpoints"] = .array(
            (0..<endpoints).map { place in
                let host = index * endpoints + place
                let first = place == 0 ? turn : 0
                return [
                    "addresses": [.string("10.\(128 + host / 65_536 + 8 * first).\(host / 256 % 256).\(host % 256)")]
                ]
            })
        return EndpointSlice(object)
    }
}
