import Addressing
import Testing

@testable import PacketCapture

@Suite struct FrameTests {
    private func packet(_ bytes: [UInt8]) throws -> IPPacket { try #require(Frame.decode(bytes).packet) }

    @Test("a TCP segment is decoded with its flags, numbers and payload")
    func tcp() throws {
        let packet = try packet(Sample.tcp6)
        guard case .tcp(let header) = packet.transport else { Issue.record("\(packet)"); return }
        #expect(header.sourcePort == 41234 && header.destinationPort == 8080)
        #expect(header.sequence == 1 && header.acknowledgement == 99)
        #expect(header.flags == [.psh, .ack] && header.window == 64240)
        #expect(Array(Sample.tcp6[packet.payload]) == Array("hello".utf8) && packet.payloadLength == 5)
        #expect(packet.completeness == .complete)
    }

    @Test("an IPv4 header's fields are decoded")
    func ipv4() throws {
        let header = try packet(Sample.udp4).header
        #expect(header.source == IPAddress(Sample.podA) && header.destination == IPAddress(Sample.podB))
        #expect(header.trafficClass == 0xb8 && header.hopLimit == 64 && header.identification == 7)
        #expect(header.dontFragment && !header.isFragment && header.extensions == [] && header.totalLength == 31)
    }

    @Test("an IPv6 header's fields are decoded")
    func ipv6() throws {
        let header = try packet(Sample.udp6).header
        #expect(header.source == IPAddress(Sample.podA6) && header.destination == IPAddress(Sample.podB6))
        #expect(header.trafficClass == 0x2e && header.flowLabel == 0x12345 && header.hopLimit == 63)
        #expect(header.identification == nil && header.totalLength == 51 && header.transportProtocol == .udp)
    }

    @Test("IPv4 options are stepped over")
    func options() throws {
        let packet = try packet(Sample.withOptions)
        #expect(packet.header.extensions == .options && packet.headerRange.count == 24)
        #expect(packet.flow.destinationPort == 8080)
    }

    @Test("the first fragment has ports and is no malformed datagram; a later one has neither ports nor header")
    func fragments() throws {
        let first = try packet(Sample.firstFragment4)
        #expect(first.header.moreFragments && first.header.fragmentOffset == 0 && first.flow.destinationPort == 53)
        #expect(first.completeness == .complete && first.payload.count == 24)
        let later = try packet(Sample.laterFragment4)
        #expect(later.transport == .fragment && later.header.fragmentOffset == 0xb9 * 8 && !later.header.moreFragments)
        #expect(later.header.identification == 77 && later.completeness == .complete && later.flow.sourcePort == 0)
        #expect(Array(Sample.laterFragment4[later.payload]) == Array(0..<16))
    }

    @Test("IPv6 extension headers are walked to the transport")
    func extensionHeaders() throws {
        let packet = try packet(Sample.extensions6)
        #expect(packet.header.extensions == [.hopByHop, .routing, .destinationOptions, .fragment])
        #expect(packet.header.moreFragments && packet.header.identification == 0x1234)
        #expect(packet.header.transportProtocol == .udp && packet.flow.sourcePort == 5000)
        #expect(packet.headerRange.count == 40 + 8 + 8 + 16 + 8)
    }

    @Test("802.1Q tags are skipped and stay visible")
    func tags() throws {
        let frame = Frame.decode(Sample.tagged)
        #expect(frame.ethernet?.outerTag?.identifier == 5 && frame.ethernet?.outerTag?.priority == 3)
        #expect(frame.ethernet?.innerTag?.identifier == 7 && frame.ethernet?.etherType == .ipv4)
        #expect(frame.flow?.destinationPort == 2 && frame.completeness == .complete)
        #expect(frame.ethernet?.source == MACAddress("02:00:00:00:00:01"))
        #expect(frame.ethernet?.destination == MACAddress("02:00:00:00:00:02"))
    }

    @Test("ARP says who asks for whom")
    func arp() throws {
        let message = try #require(Frame.decode(Sample.arpRequest).arp)
        #expect(message.isRequest && message.sender == IPv4Address(Sample.podA))
        #expect(message.target == IPv4Address(Sample.podB) && message.senderHardware.bytes == Sample.clientMAC)
        #expect(message.targetHardware == .zero)
    }

    @Test(
        "an echo's flow is its reply's reversed", arguments: [(Sample.ping4, IPProtocol.icmp), (Sample.ping6, .icmpv6)])
    func echo(bytes: [UInt8], transport: IPProtocol) throws {
        let packet = try packet(bytes)
        guard case .icmp(let header) = packet.transport else { Issue.record("\(packet)"); return }
        #expect(header.body == .echoRequest(identifier: 300, sequence: 2))
        #expect(String(decoding: bytes[packet.payload], as: UTF8.self) == "probe 17")
        let reply = FlowKey(
            source: packet.header.destination, destination: packet.header.source, transport: transport,
            sourcePort: 300, destinationPort: 300)
        #expect(packet.flow == reply.reversed)
    }

    @Test("an ICMP error shows whose packet was refused")
    func quoted() throws {
        let packet = try packet(Sample.refused4)
        #expect(packet.completeness == .complete)
        let quoted = try #require(packet.quoted)
        #expect(quoted.flow.description == "10.244.1.5:5000 > 10.244.2.3:81 UDP")
        #expect(quoted.completeness == .truncated && quoted.payload.count == 8 && quoted.payloadLength == 100)
    }

    @Test("a quote of 8 bytes of TCP still tells the ports")
    func shortQuote() throws {
        let quote = Sample.ipv4(Sample.podA, Sample.podB, 6, Sample.tcp(2)).prefix(28)
        let frame = Sample.ethernet(0x0800, Sample.ipv4(Sample.podB, Sample.podA, 1, [3, 3, 0, 0, 0, 0, 0, 0] + quote))
        let quoted = try #require(try packet(frame).quoted)
        #expect(quoted.transport == .ports(source: 41234, destination: 8080) && quoted.completeness == .truncated)
    }

    @Test("an error about a link that is too small tells its MTU")
    func tooBig() throws {
        guard case .icmpError(let header, let quoted) = try packet(Sample.tooBig6).transport else {
            Issue.record("no error")
            return
        }
        #expect(header.body == .error(mtu: 1400) && quoted.flow.destinationPort == 8080)
    }

    @Test("SCTP tells ports, tag and the first chunk")
    func sctp() throws {
        let expected = SCTPHeader(sourcePort: 7, destinationPort: 9, verificationTag: 0, firstChunk: .initiation)
        #expect(try packet(Sample.sctp4).transport == .sctp(expected))
    }

    @Test("a VXLAN packet gives the identifier and the frame inside, whose ranges lead into the same bytes")
    func vxlan() throws {
        guard case .vxlan(let udp, let vxlan) = try packet(Sample.vxlan6).transport else {
            Issue.record("none"); return
        }
        #expect(udp.destinationPort == 4789 && vxlan.networkIdentifier == 0xabcdef)
        let inner = try #require(vxlan.inner.packet)
        #expect(inner.header == (try packet(Sample.ping6)).header)
        #expect(String(decoding: Sample.vxlan6[inner.payload], as: UTF8.self) == "probe 17")
        #expect(Frame.decode(Sample.vxlan6).flow == Frame.decode(Sample.ping6).flow)
    }

    @Test("tunnels nested without end are followed to a limit")
    func nesting() throws {
        var bytes = Sample.udp4
        for _ in 0..<50 {
            bytes = Sample.ethernet(
                0x0800, Sample.ipv4("1.1.1.1", "2.2.2.2", 17, Sample.udp(1, 4789, [8, 0, 0, 0, 0, 0, 1, 0] + bytes)))
        }
        var depth = 0
        var frame = Frame.decode(bytes)
        while let inner = frame.encapsulated { (frame, depth) = (inner, depth + 1) }
        #expect(depth == Frame.maximumDepth)
    }

    @Test("a header that contradicts itself or its carrier is malformed")
    func malformed() {
        func changed(_ bytes: [UInt8], _ offset: Int, _ value: UInt8) -> Completeness {
            var bytes = bytes
            bytes[offset] = value
            return Frame.decode(bytes).completeness
        }
        #expect(changed(Sample.tcp4, 14, 0x44) == .malformed, "IPv4 header of 16 bytes")
        #expect(changed(Sample.tcp4, 14, 0x65) == .malformed, "version 6 in an IPv4 frame")
        #expect(changed(Sample.tcp4, 17, 200) == .malformed, "total length above the frame's")
        #expect(changed(Sample.tcp4, 14 + 20 + 12, 0x40) == .malformed, "TCP header of 16 bytes")
        #expect(changed(Sample.tcp4, 14 + 20 + 12, 0xf0) == .malformed, "TCP header above the segment")
        #expect(changed(Sample.udp4, 14 + 20 + 5, 7) == .malformed, "UDP length below its header's")
        #expect(changed(Sample.udp4, 14 + 20 + 5, 12) == .malformed, "UDP length above the packet's")
        #expect(changed(Sample.extensions6, 14 + 41, 255) == .malformed, "extension header above the packet")
    }

    @Test("the padding of a short frame is no payload")
    func padding() throws {
        let packet = try packet(Sample.udp4 + [UInt8](repeating: 0xee, count: 20))
        #expect(Array((Sample.udp4)[packet.payload]) == [1, 2, 3] && packet.completeness == .complete)
    }

    @Test("a total length of 0, a segment yet to be cut up, ends with the frame")
    func bigTCP() throws {
        var bytes = Sample.ethernet(0x0800, Sample.ipv4(Sample.podA, Sample.podB, 6, Sample.tcp(16, payload: [7, 7])))
        bytes.replaceSubrange(16..<18, with: [0, 0])
        let packet = try packet(bytes)
        #expect(packet.completeness == .complete && packet.payloadLength == 2)
    }

    @Test("right checksums are told from wrong ones")
    func checksums() throws {
        for bytes in [Sample.tcp4, Sample.tcp6, Sample.udp4, Sample.ping4, Sample.ping6] {
            let packet = try packet(bytes)
            #expect(
                packet.headerChecksumIsValid(in: bytes) != false && packet.transportChecksumIsValid(in: bytes) == true)
            var damaged = bytes
            damaged[bytes.count - 1] ^= 1
            #expect(packet.transportChecksumIsValid(in: damaged) == false)
            damaged = bytes
            damaged[22] ^= 1
            #expect(packet.header.family == .ipv6 || packet.headerChecksumIsValid(in: damaged) == false)
        }
        #expect(try packet(Sample.udp6).transportChecksumIsValid(in: Sample.udp6) == nil, "no checksum was sent")
        #expect(try packet(Sample.laterFragment4).transportChecksumIsValid(in: Sample.laterFragment4) == nil)
    }

    @Test(
        "a frame is described in one line",
        arguments: [
            (Sample.tcp4, "10.244.1.5:41234 > 10.244.2.3:8080 TCP [S] seq 1"),
            (Sample.tcp6, "[fd00:10:244:1::5]:41234 > [fd00:10:244:2::3]:8080 TCP [P.] seq 1 ack 99 length 5"),
            (Sample.udp4, "10.244.1.5:5000 > 10.244.2.3:53 UDP length 3"),
            (Sample.sctp4, "10.244.1.5:7 > 10.244.2.3:9 SCTP [INIT]"),
            (Sample.arpRequest, "ARP who-has 10.244.2.3 tell 10.244.1.5"),
            (Sample.ping4, "10.244.1.5 > 10.244.2.3 ICMP echo request id 300 seq 2"),
            (
                Sample.refused4,
                "10.244.2.3 > 10.244.1.5 ICMP port unreachable [10.244.1.5:5000 > 10.244.2.3:81 UDP length 100]"
            ),
            (
                Sample.tooBig6,
                "fd00::1 > fd00:10:244:1::5 ICMPv6 packet too big mtu 1400 "
                    + "[[fd00:10:244:1::5]:41234 > [fd00:10:244:2::3]:8080 TCP [.] seq 1 ack 99]"
            ),
            (
                Sample.neighborSolicitation,
                "fe80::1 > ff02::1:ff00:3 ICMPv6 neighbor solicitation fd00:10:244:2::3"
            ),
            (Sample.laterFragment4, "10.244.1.5:0 > 10.244.2.3:0 UDP fragment id 77 offset 1480"),
            (
                Sample.vxlan4,
                "VXLAN vni 1 192.168.1.10 > 192.168.1.11 | 10.244.1.5:41234 > 10.244.2.3:8080 TCP [S] seq 1"
            ),
            (Array(Sample.tcp4.prefix(36)), "10.244.1.5:0 > 10.244.2.3:0 TCP (malformed)"),
            (Sample.ethernet(0x88cc, [1]), "02:00:00:00:00:01 > 02:00:00:00:00:02 ethertype 0x88cc"),
        ])
    func description(bytes: [UInt8], expected: String) {
        #expect(Frame.decode(bytes).description == expected)
    }
}
