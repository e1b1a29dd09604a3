internal import Addressing
internal import DNSMessage

extension DNSResolver {
    /// Answers about a name in a zone of ours that no answers of the type are kept for: what the zones have everywhere,
    /// or that there is nothing (RFC 2308).
    ///
    /// - Parameters:
    ///   - pod: the address that the name tells itself.
    ///   - owner: where in the message the name stands.
    ///   - exists: whether the name has other records, or names below it.
    mutating func answerMissing(
        _ place: ZonePlace, _ pod: IPAddress?, _ query: Query, _ reply: inout Reply,
        owner: Int = Message.headerLength, exists: Bool = false
    ) -> Outcome {
        if let pod, query.type == (pod.family == .ipv4 ? .a : .aaaa) || query.type == .any {
            pod.bytes.withUnsafeBytes {
                reply.append(
                    pod.family == .ipv4 ? .a : .aaaa, timeToLive: settings.timeToLive, $0, owner: owner)
            }
            return finish(&reply, .noError)
        }
        if place.isApex, query.type == .soa || query.type == .any {
            authority.withData(for: place, serial: answers.serial) {
                reply.append(.soa, timeToLive: settings.timeToLive, $0, owner: owner)
            }
            return finish(&reply, .noError)
        }
        if place.isApex, query.type == .ns {
            authority.primary.withUnsafeBytes {
                reply.append(.ns, timeToLive: settings.timeToLive, $0, owner: owner)
            }
            return finish(&reply, .noError)
        }
        authority.withData(for: place, serial: answers.serial) {
            reply.append(authority: .soa, timeToLive: settings.timeToLive, $0, owner: place.start)
        }
        return finish(&reply, exists || place.isApex || pod != nil ? .noError : .nameError)
    }
}

/// What the SOA records of the zones say.
struct AuthorityData: Sendable {
    /// The name server of all zones.
    let primary: [UInt8]
    private let mailbox: [UInt8]
    private let zone: [UInt8]
    private let minimum: UInt32

    init(_ settings: ClusterDNSSettings) {
        let zone = NameBytes(settings.zone)
        self.zone = zone.bytes
        primary = (NameBytes("ns", "dns", below: zone) ?? zone).bytes
        mailbox = (NameBytes("hostmaster", below: zone) ?? zone).bytes
        minimum = settings.timeToLive
    }

    /// Lends the data of a zone's SOA record. In the zone itself names end in a pointer to its name.
    func withData(for place: ZonePlace, serial: UInt32, _ body: (UnsafeRawBufferPointer) -> Void) {
        withUnsafeTemporaryAllocation(byteCount: 2 * DomainName.longest + 20, alignment: 4) { buffer in
            var end = 0
            func append(_ bytes: some Sequence<UInt8>) {
                for byte in bytes {
                    buffer[end] = byte
                    end += 1
                }
            }
            func append(_ number: UInt32) {
                buffer.storeBytes(of: number.bigEndian, toByteOffset: end, as: UInt32.self)
                end += 4
            }
            for name in [primary, mailbox] {
                if place.isReverse {
                    append(name)
                } else {
                    append(name.dropLast(zone.count))
                    append([0xc0 | UInt8(place.start >> 8), UInt8(place.start & 255)])
                }
            }
            // How often secondaries look, look again and give up, as CoreDNS says: there are none.
            for number in [serial, 7_200, 1_800, 86_400, minimum] { append(number) }
            body(UnsafeRawBufferPointer(rebasing: buffer[..<end]))
        }
    }
}
