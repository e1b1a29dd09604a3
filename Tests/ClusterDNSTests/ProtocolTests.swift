import Addressing
import ClusterDNS
import DNSMessage
import KubernetesModel
import TestSupport
import Testing

@Suite("The protocol of the resolver")
struct ProtocolTests {
    private func sample() throws -> SampleZone {
        var zone = try SampleZone()
        zone.add(.sample("web", ips: ["10.96.0.7"], ports: ["http:80/TCP"]))
        zone.add(
            .headless("many", ports: ["p:1/TCP"]),
            .sample("many", ports: ["p:1/TCP"], (0..<200).map { "10.244.0.\($0)" }))
        return zone
    }

    private func question(_ name: String, _ type: RecordType, _ recordClass: RecordClass = .internet) throws -> Question
    {
        Question(try #require(DomainName(name)), type, recordClass)
    }

    private func webQuery(_ change: (inout Message) throws -> Void = { _ in }) throws -> Message {
        var query = Message(id: 77, asking: try question("web.default.svc.cluster.local", .a))
        try change(&query)
        return query
    }

    private func respond(_ bytes: [UInt8], over transport: DNSTransport = .datagram) throws -> [UInt8]? {
        guard case .reply(let reply) = try sample().resolver.respond(to: bytes, over: transport) else { return nil }
        return reply
    }

    @Test("a response is never answered, nor what is shorter than a header")
    func silence() throws {
        #expect(try respond(webQuery { $0.isResponse = true }.encoded()) == nil)
        for count in 0..<12 { #expect(try respond([UInt8](repeating: 0, count: count)) == nil) }
    }

    @Test("other operations are not implemented", arguments: [1, 2, 4, 5, 6, 15] as [UInt8])
    func operations(code: UInt8) throws {
        let reply = try sample().ask(webQuery { $0.operation = OperationCode(rawValue: code) })
        #expect(reply.responseCode == .notImplemented && reply.operation.rawValue == code && reply.questions.isEmpty)
        #expect(reply.recursionDesired)
    }

    @Test("no question and several ones are a format error")
    func questionCount() throws {
        for count in [0, 2, 3] {
            let reply = try sample().ask(webQuery { $0.questions = Array(repeating: $0.questions[0], count: count) })
            #expect(reply.responseCode == .formatError)
        }
    }

    @Test("a compressed or malformed question is a format error, a label of 64 bytes and a name of 256 among them")
    func malformedQuestion() throws {
        let header: [UInt8] = [0, 77, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]
        let label = [63] + [UInt8](repeating: 97, count: 63)
        for name: [UInt8] in [
            [0xc0, 12], [1, 97, 0xc0, 12], [0xc0, 0], [64] + [UInt8](repeating: 97, count: 64) + [0],
            label + label + label + [62] + [UInt8](repeating: 97, count: 62) + [0], [5, 97], [], [0x80, 0],
        ] {
            let reply = try #require(try respond(header + name + [0, 1, 0, 1]))
            #expect(reply == [0, 77, 0x81, 0, 0, 0, 0, 0, 0, 0, 0, 0].enumerated().map { $0 == 3 ? 1 : $1 })
        }
        let longest = header + label + label + label + [61] + [UInt8](repeating: 97, count: 61) + [0, 0, 1, 0, 1]
        #expect(try Message(decoding: #require(try respond(longest))).responseCode == .serverFailure)
        #expect(try respond(header + [0, 0, 1, 0]).map { $0[3] & 15 } == 1)
        #expect(try respond(webQuery().encoded() + [0]).map { $0[3] & 15 } == 1)
    }

    @Test("records behind the question are read, and harm nothing")
    func furtherRecords() throws {
        let record = ResourceRecord(try #require(DomainName("x.test")), timeToLive: 0, .a(IPv4Address(rawValue: 1)))
        for path in [\Message.answers, \.authorities, \.additionals] as [WritableKeyPath<Message, [ResourceRecord]>] {
            let reply = try sample().ask(webQuery { $0[keyPath: path] = [record] })
            #expect(reply.responseCode == .noError && reply.answers.count == 1 && reply.authorities.isEmpty)
            #expect(reply.edns != nil)
            let options = try sample().ask(
                webQuery {
                    $0[keyPath: path] = [record]; $0.edns?.options = [.init(code: 10, data: [1, 2])]
                })
            #expect(options.responseCode == .noError)
        }
    }

    @Test("flags: AA, RD and CD come back, AD and Z do not")
    func flags() throws {
        let reply = try sample().ask(
            webQuery {
                $0.isCheckingDisabled = true; $0.isAuthenticData = true
            })
        #expect(reply.isAuthoritative && reply.recursionDesired && reply.isCheckingDisabled && !reply.isAuthenticData)
        #expect(try !sample().ask(webQuery { $0.recursionDesired = false }).recursionDesired)
        var bytes = try webQuery().encoded()
        bytes[3] |= 0x40
        #expect(try respond(bytes).map { $0[3] & 0x40 } == 0)
        bytes[2] |= 0x06
        #expect(try respond(bytes).map { $0[2] } == 0x85)
    }

    @Test("EDNS: version, size and DO, and no OPT record for who sent none")
    func edns() throws {
        #expect(try sample().ask(webQuery { $0.edns = nil }).edns == nil)
        let reply = try sample().ask(webQuery { $0.edns = EDNS(payloadSize: 4096, wantsDNSSEC: true) })
        #expect(reply.edns == EDNS(payloadSize: 1232, wantsDNSSEC: true))
        let version = try sample().ask(webQuery { $0.edns?.version = 1 })
        #expect(version.responseCode == .badVersion && version.edns?.version == 0 && version.answers.isEmpty)
        #expect(version.questions.count == 1)
        let two = try webQuery().encoded()
        var doubled = two + two.suffix(11)
        doubled[11] = 2
        #expect(try respond(doubled).map { $0[3] & 15 } == 1)
    }

    @Test(
        "classes other than the Internet are refused", arguments: [RecordClass.chaos, .any, RecordClass(rawValue: 254)])
    func classes(recordClass: RecordClass) throws {
        let query = Message(id: 77, asking: try question("web.default.svc.cluster.local", .a, recordClass))
        #expect(try sample().ask(query).responseCode == .refused)
    }

    @Test("transfers are refused, types that are none are format errors, MAILA is not implemented")
    func types() throws {
        for (number, code) in [
            (252, ResponseCode.refused), (251, .refused), (0, .formatError), (41, .formatError), (250, .formatError),
            (254, .notImplemented),
        ] as [(UInt16, ResponseCode)] {
            #expect(try sample().ask("cluster.local", RecordType(rawValue: number)).responseCode == code, "\(number)")
        }
    }

    @Test("of ANY one set is answered")
    func any() throws {
        #expect(try sample().data("web.default.svc.cluster.local", .any) == ["A 10.96.0.7"])
        #expect(try sample().outcome("svc.cluster.local", .any) == "NODATA")
        #expect(try sample().data("cluster.local", .any) == ["NS ns.dns.cluster.local."])
    }

    @Test(
        "an answer over UDP is as long as the client says and as passes everywhere, over TCP whole",
        arguments: [(nil, 512), (0, 512), (512, 512), (800, 800), (1232, 1232), (4096, 1232), (65_535, 1232)]
            as [(UInt16?, Int)])
    func truncation(size: UInt16?, limit: Int) throws {
        var query = Message(id: 77, asking: try question("many.default.svc.cluster.local", .a), edns: nil)
        query.edns = size.map { EDNS(payloadSize: $0) }
        let bytes = try #require(try respond(query.encoded()))
        let reply = try Message(decoding: bytes)
        #expect(bytes.count <= limit && bytes.count > limit - 16)
        #expect(reply.isTruncated && reply.edns != nil || query.edns == nil)
        let room = limit - 12 - (query.questions[0].name.wire.count + 4) - (size == nil ? 0 : 11)
        #expect(reply.answers.count == room / 16)
        #expect(Set(reply.answers).count == reply.answers.count)
        let whole = try Message(decoding: #require(try respond(query.encoded(), over: .stream)))
        #expect(!whole.isTruncated && whole.answers.count == 200)
    }

    @Test("SRV records are cut at records; what is additional is left out without TC")
    func truncatedServices() throws {
        let query = Message(id: 77, asking: try question("_p._tcp.many.default.svc.cluster.local", .srv))
        let cut = try sample().ask(query, over: .datagram)
        #expect(cut.isTruncated && !cut.answers.isEmpty && cut.additionals.isEmpty)
        let whole = try sample().ask(query)
        #expect(whole.answers.count == 200 && whole.additionals.count == 200 && !whole.isTruncated)
        for (answer, address) in zip(whole.answers, whole.additionals) {
            guard case .srv(let service) = answer.data else { continue }
            #expect(service.target == address.name)
        }
        var few = try SampleZone()
        few.add(
            .headless("few", ports: ["p:1/TCP"]), .sample("few", ports: ["p:1/TCP"], (0..<16).map { "10.244.0.\($0)" }))
        let without = try few.ask(
            Message(id: 77, asking: try question("_p._tcp.few.default.svc.cluster.local", .srv)), over: .datagram)
        #expect(!without.isTruncated && without.answers.count == 16 && without.additionals.isEmpty)
    }

    @Test("an answer that no message can hold is cut, over TCP too")
    func largest() throws {
        var zone = try SampleZone()
        for slice in 0..<50 {
            zone.zone.update(
                .sample("huge", suffix: "\(slice)", ports: ["p:1/TCP"], (0..<100).map { "10.244.\(slice).\($0)" }))
        }
        zone.add(.headless("huge", ports: ["p:1/TCP"]))
        for (name, type) in [("huge", RecordType.a), ("_p._tcp.huge", .srv)] {
            let query = Message(id: 77, asking: try question("\(name).default.svc.cluster.local", type))
            guard case .reply(let bytes) = zone.resolver.respond(to: query.encoded(), over: .stream) else { return }
            let reply = try Message(decoding: bytes)
            #expect(bytes.count <= 65_535 && bytes.count > 65_000 && reply.isTruncated)
        }
    }

    @Test("the first address changes from question to question, unless it shall not")
    func rotation() throws {
        let zone = try sample()
        let firsts = try Set(
            (0..<100).map { _ in try zone.ask("many.default.svc.cluster.local", .a).answers.first?.data })
        #expect(firsts.count == 100)
        var fixed = try SampleZone { $0.rotatesAddresses = false }
        fixed.add(.headless("db"), .sample("db", "10.244.0.1", "10.244.0.2"))
        for _ in 0..<4 {
            #expect(
                try fixed.ask("db.default.svc.cluster.local", .a).answers.map(\.data.description) == [
                    "10.244.0.1", "10.244.0.2",
                ])
        }
    }

    @Test("the TTL is the one that is set, in answers of every kind")
    func timeToLive() throws {
        var zone = try SampleZone { $0.timeToLive = 30 }
        zone.add(.sample("web", ips: ["10.96.0.7"], ports: ["http:80/TCP"]))
        zone.add(.sample("far", externalName: "web.default.svc.cluster.local"))
        for (name, type) in [
            ("web.default.svc", RecordType.a), ("_http._tcp.web.default.svc", .srv), ("far.default.svc", .a),
            ("missing.default.svc", .a), ("dns-version", .txt), ("10-1-2-3.default.pod", .a),
        ] {
            let message = try zone.ask("\(name).cluster.local", type)
            let records = message.answers + message.authorities + message.additionals
            #expect(!records.isEmpty && records.allSatisfy { $0.timeToLive == 30 }, "\(name)")
        }
    }

    @Test("20,000 random and mutated packets are answered or not, and every answer is a message")
    func fuzz() throws {
        let zone = try sample()
        let seeds = try [
            webQuery(), webQuery { $0.edns = nil },
            Message(id: 1, asking: try question("_p._tcp.many.default.svc.cluster.local", .srv)),
            Message(id: 1, asking: try question("7.0.96.10.in-addr.arpa", .ptr)),
            Message(id: 1, asking: try question("10-1-2-3.default.pod.cluster.local", .a)),
        ].map { $0.encoded() }
        var generator = SeededGenerator(seed: 3)
        for index in 0..<20_000 {
            var bytes: [UInt8]
            if index % 4 == 0 {
                bytes = (0..<Int.random(in: 0...20, using: &generator)).flatMap { _ in
                    withUnsafeBytes(of: generator.next()) { Array($0) }
                }
                if bytes.count > 6, index % 8 == 0 { bytes.replaceSubrange(2..<6, with: [1, 0, 0, 1]) }
            } else {
                bytes = seeds[index % seeds.count]
                for _ in 0..<Int.random(in: 1...4, using: &generator) {
                    let place = Int.random(in: 2..<bytes.count, using: &generator)
                    bytes[place] = UInt8.random(in: 0...255, using: &generator)
                }
            }
            let transport: DNSTransport = index % 2 == 0 ? .datagram : .stream
            guard case .reply(let reply) = zone.resolver.respond(to: bytes, over: transport) else { continue }
            let message = try? Message(decoding: reply)
            if message == nil || message?.isResponse == false || (transport == .datagram && reply.count > 1232) {
                Issue.record("packet \(index) \(bytes) was answered with \(reply)")
            }
        }
    }
}
