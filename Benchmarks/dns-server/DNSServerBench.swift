import Addressing
import ArgumentParser
import ClusterDNS
import DNSMessage
import Glibc
import KubernetesModel

/// Serves the built-in cluster DNS in the namespace that it is started in, with as many Services as are wanted: one of the
/// contenders of compare.py.
@main struct DNSServerBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "lab-dns-server")

    @Option(help: "The address to serve on; without one, the index is measured.") var address: String?
    @Option(help: "How many Services there are.") var services = 10_000
    @Option(help: "How many threads answer over UDP.") var workers = 1

    func run() async throws {
        guard let zone = DomainName("cluster.local"), let ranges = CIDR("10.96.0.0/12") else { return }
        let settings = ClusterDNSSettings(zone: zone, ranges: [ranges])
        guard let text = address else { return print(IndexMeasurement(settings, services: services).text) }
        guard let address = IPAddress(text) else { throw ValidationError("--address is to be an IP address") }
        var names = DNSZone(settings)
        for index in 0..<services { names.update(Self.service(index)) }
        let resolver = SharedResolver(settings)
        resolver.apply(names.takeChanges())
        let server = DNSServer(
            try DNSSockets.open([address], workers: workers, for: settings), resolver: resolver,
            onFailure: { print($0) })
        try server.start()
        print("serving")
        while true { try await Task.sleep(for: .seconds(3600)) }
    }

    /// The Service of a number, as compare.py names it too.
    static func service(_ index: Int) -> Service {
        var object = APIObject(.services, namespace: "ns-\(index % 100)", name: "service-\(index)")
        let address = "10.\(96 + index / 65_536).\(index / 256 % 256).\(index % 256)"
        object["spec"] = [
            "clusterIP": .string(address), "clusterIPs": [.string(address)],
            "ports": [["name": "http", "protocol": "TCP", "port": .integer(80)]],
        ]
        return Service(object)
    }
}
