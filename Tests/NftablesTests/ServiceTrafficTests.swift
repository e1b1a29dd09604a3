import Addressing
import Glibc
import Nftables
import Testing

/// What the statements that service proxies are made of do to packets.
@Suite("Services in a network")
struct ServiceTrafficTests {
    /// How a client's backend is remembered.
    enum Affinity: CaseIterable {
        /// Not at all.
        case none
        /// Behind the translation, from what the packet has then.
        case learned
        /// In front of the translation, with what the endpoints' map gives.
        case chosen
    }

    private struct Service {
        let network: HostPortNetwork
        let address: IPAddress
        let table: Table
        let family: AddressFamily

        var affinity: NamedMap { table.maps[1] }
    }

    private func service(_ family: AddressFamily, _ affinity: Affinity, timeout: UInt32) async throws -> Service {
        let network = try await HostPortNetwork(family)
        let address = try ip(family == .ipv4 ? "10.96.0.10" : "fd00:96::10")
        let networkProtocol = NetworkProtocol(family)
        let type = DataType.address(networkProtocol)
        let frontend: [PacketExpression] = [
            .destinationAddress(networkProtocol), .transportProtocol, .destinationPort,
        ]
        let key = [PacketExpression.sourceAddress(networkProtocol)] + frontend
        let content = NamedMap.Content.data([type, .port])
        let endpoints = try [network.pod(1, "5"), network.pod(2, "5")].enumerated().map { number, pod in
            MapElement(
                [.address(address), .transportProtocol(6), .port(80), .mark(UInt32(number))],
                .data([.address(pod), .port(8080)]))
        }
        let maps = [
            NamedMap(
                "endpoints", key: [type, .transportProtocol, .port, .mark], content: content, elements: endpoints),
            NamedMap(
                "affinity", key: [type, type, .transportProtocol, .port], content: content,
                flags: [.dynamic, .timeout],
                timeout: timeout, size: 1000),
        ]
        let remembered = Statement.destinationNAT(networkProtocol, key, map: "affinity")
        let random = Statement.destinationNAT(networkProtocol, frontend + [.random(modulus: 2)], map: "endpoints")
        let choice = Statement.updateMap(
            "affinity", key, timeout: nil, from: frontend + [.random(modulus: 2)], map: "endpoints")
        let rules: [Rule] =
            switch affinity {
            case .none: [Rule([random])]
            case .learned: [Rule([remembered]), Rule([random])]
            case .chosen: [Rule([choice]), Rule([remembered])]
            }
        let learning = Rule([
            .match(.connectionState, .connectionState(.new)),
            .match(.connectionStatus, .connectionStatus(.destinationNAT)),
            .updateMapFromPacket(
                "affinity",
                [
                    .sourceAddress(networkProtocol), .originalDestinationAddress(networkProtocol), .transportProtocol,
                    .originalDestinationPort,
                ], timeout: timeout, data: [.destinationAddress(networkProtocol), .destinationPort]),
        ])
        let table = Table(
            TableFamily(family), "service", maps: maps,
            chains: [
                Chain("prerouting", base: BaseChain(.nat, .prerouting, .destinationNAT), rules: rules),
                Chain(
                    "learning", base: BaseChain(.filter, .postrouting, .filter),
                    rules: affinity == .learned ? [learning] : []),
            ])
        try await network.node.replace([table])
        return Service(network: network, address: address, table: table, family: family)
    }

    /// Connects the client to the service so often, and gives how many connections each of the two pods had.
    private func connect(_ service: Service, _ count: Int) async throws -> [Int] {
        let network = service.network
        let pods = [
            try await TestSocket(listening: network.podA, .tcp, service.family, port: 8080),
            try await TestSocket(listening: network.podB, .tcp, service.family, port: 8080),
        ]
        for _ in 0..<count {
            let client = try await TestSocket(in: network.client, .tcp, service.family)
            #expect(client.connect(to: Endpoint(service.address, 80)) == 0)
        }
        return try pods.map { pod in
            var accepted = 0
            while pod.wait(for: POLLIN, milliseconds: 0) {
                _ = try pod.acceptedPeer()
                accepted += 1
            }
            return accepted
        }
    }

    private func affinities(_ service: Service) async throws -> [ReadElement] {
        try await service.network.node.inside {
            try NftablesHandle().elements(ofMap: "affinity", in: service.table.identity)
        }
    }

    /// Waits for affinities to be as they are asked for, for ten seconds.
    private func wait(_ service: Service, _ isReached: ([ReadElement]) -> Bool) async throws -> [ReadElement] {
        for _ in 0..<500 {
            let elements = try await affinities(service)
            if isReached(elements) { return elements }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw SocketFailure(call: "wait for the affinity", number: ETIMEDOUT)
    }

    @Test("without affinity the connections of a client go to all backends", arguments: AddressFamily.allCases)
    func spread(family: AddressFamily) async throws {
        let service = try await service(family, .none, timeout: 100)
        let counts = try await connect(service, 60)
        #expect(counts.reduce(0, +) == 60 && !counts.contains(0), "\(counts)")
    }

    @Test(
        "with affinity twenty connections of a client go to one backend, until it is forgotten",
        arguments: AddressFamily.allCases, [Affinity.learned, .chosen])
    func sticky(family: AddressFamily, affinity: Affinity) async throws {
        let service = try await service(family, affinity, timeout: 1000)
        var reached: Set<Int> = []
        // Either backend is as likely after each time; that one stays alone for forty times is not to be expected.
        for _ in 0..<40 where reached.count < 2 {
            let counts = try await connect(service, 20)
            #expect(counts.sorted() == [0, 20], "\(counts)")
            let elements = try await affinities(service)
            #expect(elements.count == 1)
            let element = try #require(elements.first)
            let pod = try #require(counts.firstIndex(of: 20))
            let key = try #require(element.key(as: service.affinity.key))
            #expect(
                key == [
                    .address(try service.network.underlay("100")), .address(service.address), .transportProtocol(6),
                    .port(80),
                ])
            let expected = Value.address(try service.network.pod(pod + 1, "5"))
            #expect(element.data(as: [service.table.maps[0].key[0], .port]) == [expected, .port(8080)])
            reached.insert(pod)
            let forgotten = [MapElement(key, .data([expected, .port(8080)]))]
            try await service.network.node.inside {
                let step = RulesetChange.deleteMapElements(forgotten, map: "affinity", in: service.table.identity)
                try NftablesHandle().commit([step], to: [service.table])
            }
        }
        #expect(reached == [0, 1])
    }

    @Test(
        "each new connection makes the time of an affinity begin again", arguments: [Affinity.learned, .chosen])
    func refresh(affinity: Affinity) async throws {
        let service = try await service(.ipv4, affinity, timeout: 100)
        _ = try await connect(service, 1)
        _ = try await wait(service) { $0.count == 1 && $0.allSatisfy { ($0.expiration ?? 0) <= 98 } }
        _ = try await connect(service, 1)
        let elements = try await affinities(service)
        #expect(elements.count == 1 && (99...100).contains(elements.first?.expiration ?? 0), "\(elements)")
    }

    @Test("an affinity goes when its time is over", arguments: [Affinity.learned, .chosen])
    func expiry(affinity: Affinity) async throws {
        let service = try await service(.ipv4, affinity, timeout: 1)
        _ = try await connect(service, 1)
        _ = try await wait(service) { $0.isEmpty }
    }

    @Test(
        "a mark that one chain sets and another one clears decides who is masqueraded",
        arguments: AddressFamily.allCases)
    func mark(family: AddressFamily) async throws {
        let network = try await HostPortNetwork(family)
        let table = Table(
            TableFamily(family), "masquerading",
            chains: [
                Chain(
                    "prerouting", base: BaseChain(.nat, .prerouting, .destinationNAT),
                    rules: [
                        Rule([
                            .match(.inputInterface, .interface("veth101*")), .match(.destinationPort, .port(80)),
                            .setMark(bits: 0x4000),
                        ])
                    ]),
                Chain(
                    "postrouting", base: BaseChain(.nat, .postrouting, .sourceNAT),
                    rules: [
                        Rule([.matchMark(bits: 0x4000, isSet: false), .verdict(.return)]),
                        Rule([.clearMark(bits: 0x4000)]),
                        Rule([.matchMark(bits: 0x4000, isSet: false), .masqueradeFullyRandom]),
                    ]),
            ])
        try await network.node.replace([table])
        for (port, expected) in [(UInt16(80), try network.pod(1, "1")), (81, try network.underlay("100"))] {
            let pod = try await TestSocket(listening: network.podA, .tcp, family, port: port)
            let client = try await TestSocket(in: network.client, .tcp, family)
            #expect(client.connect(to: Endpoint(try network.pod(1, "5"), port)) == 0)
            #expect(try pod.acceptedPeer().address == expected, "port \(port)")
        }
    }

    @Test("rejections say what they are to say", arguments: AddressFamily.allCases)
    func rejections(family: AddressFamily) async throws {
        let network = try await HostPortNetwork(family)
        let prohibited = family == .ipv4 ? EHOSTUNREACH : EACCES
        let rejections: [(UInt16, Statement.Rejection, Int32)] = [
            (81, .portUnreachable, ECONNREFUSED), (82, .reset, ECONNREFUSED), (83, .adminProhibited, prohibited),
        ]
        for tableFamily in [TableFamily(family), .inet] {
            let rules = rejections.map { port, rejection, _ in
                Rule([.match(.destinationPort, .port(port)), .reject(rejection)])
            }
            let table = Table(
                tableFamily, "rejecting",
                chains: [Chain("forward", base: BaseChain(.filter, .forward, .filter), rules: rules)])
            try await network.node.replace([table])
            for (port, rejection, expected) in rejections {
                let client = try await TestSocket(in: network.client, .tcp, family)
                let result = client.connect(to: Endpoint(try network.pod(1, "5"), port))
                #expect(result == expected, "\(rejection) in \(tableFamily): \(String(cString: strerror(result)))")
            }
            try await network.node.inside { try NftablesHandle().delete(table.identity) }
        }
    }
}
