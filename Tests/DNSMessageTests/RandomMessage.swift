import Addressing
import DNSMessage
import TestSupport

/// Makes messages from a seed.
struct RandomMessage {
    private var generator: SeededGenerator
    /// Few labels, so that names share their ends.
    private static let labels = [
        "a", "svc", "Cluster", "local", "example", "x-1", "_http", "_tcp", "long-label-of-a-name",
    ]

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    mutating func message() -> Message {
        var message = Message(id: .random(in: 0...UInt16.max, using: &generator))
        message.isResponse = .random(using: &generator)
        message.operation = OperationCode(rawValue: .random(in: 0...15, using: &generator))
        message.isAuthoritative = .random(using: &generator)
        message.isTruncated = .random(using: &generator)
        message.recursionDesired = .random(using: &generator)
        message.recursionAvailable = .random(using: &generator)
        message.isAuthenticData = .random(using: &generator)
        message.isCheckingDisabled = .random(using: &generator)
        message.questions = list(0...2) {
            Question($0.name(), RecordType(rawValue: $0.number()), RecordClass(rawValue: $0.number()))
        }
        message.answers = list(0...20) { $0.record() }
        message.authorities = list(0...3) { $0.record() }
        message.additionals = list(0...5) { $0.record() }
        if .random(using: &generator) { message.edns = edns() }
        let highest: UInt16 = message.edns == nil ? 15 : 4095
        message.responseCode = ResponseCode(rawValue: .random(in: 0...highest, using: &generator))
        return message
    }

    private mutating func list<Element>(_ counts: ClosedRange<Int>, _ element: (inout Self) -> Element) -> [Element] {
        (0..<Int.random(in: counts, using: &generator)).map { _ in element(&self) }
    }

    private mutating func number<Number: FixedWidthInteger>() -> Number {
        .random(in: .min ... .max, using: &generator)
    }

    private mutating func bytes(_ counts: ClosedRange<Int>) -> [UInt8] { list(counts) { $0.number() } }

    private mutating func name() -> DomainName {
        let labels = list(0...6) { Self.labels.randomElement(using: &$0.generator) ?? "a" }
        return DomainName(labels: labels.map { Array($0.utf8) }) ?? .root
    }

    private mutating func edns() -> EDNS {
        EDNS(
            payloadSize: number(), version: number(), wantsDNSSEC: .random(using: &generator),
            options: list(0...3) { EDNS.Option(code: $0.number(), data: $0.bytes(0...20)) })
    }

    private mutating func record() -> ResourceRecord {
        // Names compare without case and so do pointers: the spelling of the first one is kept.
        ResourceRecord(name(), RecordClass(rawValue: number()), timeToLive: number(), data())
    }

    private mutating func data() -> RecordData {
        switch Int.random(in: 0..<10, using: &generator) {
        case 0: .a(IPv4Address(rawValue: number()))
        case 1: .aaaa(IPv6Address(rawValue: number()))
        case 2: .cname(name())
        case 3: .ns(name())
        case 4: .ptr(name())
        case 5:
            .soa(
                StartOfAuthority(
                    primary: name(), mailbox: name(), serial: number(), refresh: number(), retry: number(),
                    expire: number(), minimum: number()))
        case 6: .srv(ServiceLocation(priority: number(), weight: number(), port: number(), target: name()))
        case 7: .txt(list(1...3) { $0.bytes(0...255) })
        case 8: .other(RecordType(rawValue: 15), bytes(2...2) + name().wire)
        default: .other(RecordType(rawValue: .random(in: 1000...60_000, using: &generator)), bytes(0...40))
        }
    }
}
