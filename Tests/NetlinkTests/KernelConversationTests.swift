import Addressing
import Synchronization
import Testing

@testable import Netlink

@Suite("Long conversations with the kernel")
struct KernelConversationTests {
    private let station = MACAddress(rawValue: 0x0a58_0af4_0101)

    private func route(_ number: Int, in block: String, link: Int32) throws -> Route {
        let destination = try #require(CIDR(block)?.address(at: UInt128(number)))
        let gateway = try #require(IPAddress(destination.family == .ipv4 ? "10.244.1.9" : "fd00:10:244:1::9"))
        return Route(
            try #require(CIDR(containing: destination, prefixLength: destination.family.bitWidth)),
            via: [Route.NextHop(gateway: gateway, link: link)])
    }

    private func bridged() async throws -> (namespace: TestNamespace, link: Int32) {
        let namespace = try await TestNamespace()
        try await namespace.perform(.addBridge(name: "cni0", address: station, mtu: 1500))
        let link = try await namespace.index("cni0")
        for text in ["10.244.1.1/24", "fd00:10:244:1::1/64"] {
            try await namespace.perform(.add(Address(link: link, address: try #require(InterfaceAddress(text)))))
        }
        return (namespace, link)
    }

    /// Reads a table again and again while another thread makes changes and undoes them, with an end.
    private func read<Entry: Sendable>(
        in namespace: TestNamespace, while changes: [NetlinkRequest], and undoing: [NetlinkRequest],
        _ read: (RouteHandle) throws -> [Entry]
    ) async throws -> [[Entry]] {
        let (reader, writer) = try await namespace.inside { (Transfer(try RouteHandle()), Transfer(try RouteHandle())) }
        let done = Flag()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { done.set() }
                for _ in 0..<40 {
                    try writer.handle.perform(changes)
                    try writer.handle.perform(undoing)
                }
            }
            var tables: [[Entry]] = []
            var isLast = false
            while !isLast {
                isLast = done.isSet
                do {
                    tables.append(try read(reader.handle))
                } catch let error as NetlinkError where error.code == .interrupted && !isLast {
                    // Ten readings were disturbed, and that is said.
                }
            }
            try await group.waitForAll()
            return tables
        }
    }

    @Test(
        "dumps of 3,000 routes name nothing that never was while another thread changes others, and are whole at rest")
    func routesWhileChanging() async throws {
        let (namespace, link) = try await bridged()
        let stable = try (1...1500).flatMap {
            [try route($0, in: "10.16.0.0/16", link: link), try route($0, in: "fd00:16::/64", link: link)]
        }
        let changing = try (1...64).flatMap {
            [try route($0, in: "10.15.0.0/16", link: link), try route($0, in: "fd00:15::/64", link: link)]
        }
        try await namespace.inside { try RouteHandle().perform(stable.map { .replace($0) }) }
        let tables = try await read(
            in: namespace, while: changing.map { .replace($0) }, and: changing.map { .delete($0) }, { try $0.routes() })
        let known = Set(stable).union(changing)
        for table in tables { #expect(Set(table.filter { $0.routingProtocol == 3 }).isSubset(of: known)) }
        let rest = try #require(tables.last).filter { $0.routingProtocol == 3 }
        #expect(rest.count == stable.count && Set(rest) == Set(stable))
    }

    @Test("a batch of 2,000 requests over many datagrams is carried out whole")
    func largeBatch() async throws {
        let (namespace, link) = try await bridged()
        let routes = try (1...2000).map { try route($0, in: "10.16.0.0/16", link: link) }
        let found = try await namespace.inside {
            let handle = try RouteHandle()
            try handle.perform(routes.map { .replace($0) })
            return try handle.routes()
        }
        #expect(Set(found).isSuperset(of: routes))
    }

    @Test("the first of 2,000 refusals is the one that is reported")
    func manyRefusals() async throws {
        let (namespace, link) = try await bridged()
        let routes = try (1...2000).map { try route($0, in: "10.16.0.0/16", link: link) }
        let error = try await namespace.inside { () -> NetlinkError? in
            let handle = try RouteHandle()
            try handle.perform(.replace(routes[0]))
            var refusal: NetlinkError?
            do throws(NetlinkError) {
                try handle.perform(routes.map { .delete($0) })
            } catch {
                refusal = error
            }
            // What is left of the answers does not disturb the next request.
            try handle.perform(.replace(routes[1]))
            #expect(try handle.routes().contains(routes[1]))
            return refusal
        }
        #expect(error?.code == .refused(errno: 3), "\(String(describing: error))")
        #expect(error?.index == 1)
    }

    @Test("a socket that lost answers says so, and is good for the next conversation")
    func lostAnswers() async throws {
        let (namespace, link) = try await bridged()
        let routes = try (1...2000).map { try route($0, in: "10.16.0.0/16", link: link) }
        try await namespace.inside {
            let socket = try NetlinkSocket.route()
            var datagram: [UInt8] = []
            for route in routes {
                NetlinkRequest.delete(route).encode(sequence: 1_000_000, extraFlags: 0, into: &datagram)
            }
            try socket.send(datagram)
            #expect(throws: NetlinkError(.socket(errno: 105))) {
                for _ in routes { _ = try socket.receive() }
            }
            let handle = RouteHandle(socket)
            try handle.perform(.replace(routes[0]))
            #expect(try handle.routes().contains(routes[0]))
        }
    }

    @Test("the kernel's refusals carry errno, place and text")
    func refusals() async throws {
        let (namespace, link) = try await bridged()
        let exists = try await namespace.refusal(
            .addBridge(name: "br1", address: MACAddress(rawValue: 0x0a00_0000_0001), mtu: 1500),
            .addBridge(name: "cni0", address: station, mtu: 1500))
        #expect(exists?.code == .refused(errno: 17) && exists?.index == 1)
        // The kernel goes on after a refusal, and has done what came before it.
        #expect(try await namespace.ask { try $0.links() }.map(\.name) == ["lo", "cni0", "br1"])

        let noDevice = try await namespace.refusal(.deleteLink("nosuch"))
        #expect(noDevice?.errno == 19 && noDevice?.index == 0)
        let gateway = try #require(IPAddress("172.16.0.1"))
        let everywhere = try #require(CIDR("0.0.0.0/0"))
        let unreachable = try await namespace.refusal(
            .replace(Route(everywhere, via: [Route.NextHop(gateway: gateway, link: link)])))
        #expect(unreachable?.errno == 101)
        #expect(unreachable?.kernelMessage == "Nexthop has invalid gateway")
        #expect(unreachable?.description == "Network is unreachable: Nexthop has invalid gateway")
        let address = Address(link: link, address: try #require(InterfaceAddress("10.244.1.1/24")))
        #expect(try await namespace.refusal(.add(address))?.errno == 17)
        let gone = Address(link: link, address: try #require(InterfaceAddress("10.244.9.1/24")))
        #expect(try await namespace.refusal(.delete(gone))?.errno == 99)
        #expect(
            try await namespace.refusal(.addBridge(name: "sixteen-bytes-xx", address: station, mtu: 1500))?.errno == 34)
        let invalidMTU = try await namespace.refusal(.setLink("cni0", mtu: 20))
        #expect(invalidMTU?.errno == 22 && invalidMTU?.kernelMessage == "mtu less than device minimum")
        #expect(try await namespace.refusal(.setLink("cni0", master: 4711))?.errno == 22)
    }
}

private final class Flag: Sendable {
    private let value = Atomic(false)

    var isSet: Bool { value.load(ordering: .relaxed) }

    func set() { value.store(true, ordering: .relaxed) }
}

/// A handle on its way to the one thread that uses it from now on.
private struct Transfer: @unchecked Sendable {
    let handle: RouteHandle

    init(_ handle: sending RouteHandle) {
        self.handle = handle
    }
}
