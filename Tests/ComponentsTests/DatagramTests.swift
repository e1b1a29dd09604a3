import Addressing
import CLinux
import Foundation
import Glibc
import NIOCore
import TestSupport
import Testing
import Topology

@testable import Components

@Suite("UDP commands of the built-in server")
struct DatagramTests {
    @Test("hostname and clientip are answered, in either case and with blanks around", arguments: ["127.0.0.1", "::1"])
    func commands(bound: String) async throws {
        let fixture = try await ServerFixture(.udp, on: bound)
        let socket = try await fixture.connectUDP()
        for command in ["hostname", "HostName", " hostname\r\n"] {
            try await socket.send(command)
            #expect(String(decoding: try await socket.receive(), as: UTF8.self) == "pod-a")
        }
        try await socket.send("clientip")
        #expect(String(decoding: try await socket.receive(), as: UTF8.self) == socket.localText)
        await fixture.server.close()
    }

    @Test(
        "what is not a command is not answered, and the next one is",
        arguments: ["", "what", "echo", "echo ", "seen", "seen \0", "hostname x"])
    func unknown(payload: String) async throws {
        let fixture = try await ServerFixture(.udp)
        let socket = try await fixture.connectUDP()
        try await socket.send(payload)
        try await socket.send("echo next")
        #expect(try await socket.receive() == Array("next".utf8))
        await fixture.server.close()
    }

    @Test("a datagram comes back whole", arguments: [1, 2043, 2044, 8_000, 65_507])
    func wholeEcho(size: Int) async throws {
        let fixture = try await ServerFixture(.udp)
        let socket = try await fixture.connectUDP()
        let message = (0..<max(1, size - 5)).map { UInt8(33 + $0 % 90) }
        try await socket.send(Array("echo ".utf8) + message)
        #expect(try await socket.receive() == message)
        await fixture.server.close()
    }

    @Test("a padded request is answered shortly, with the length that came", arguments: [" ", "\0"])
    func paddedSeen(padding: String) async throws {
        let fixture = try await ServerFixture(.udp, on: "::")
        let socket = try await fixture.connectUDP(to: .loopback(.ipv4))
        try await socket.send("seen id-7\(padding)" + String(repeating: "x", count: 5_000))
        let reply = try await socket.receive()
        #expect(reply.count < 300)
        let expected = SeenReply(
            namespace: "shop", pod: "pod-a", node: "node1", container: "server", protocol: "UDP", source: "127.0.0.1",
            sourcePort: socket.localPort, destination: "127.0.0.1", destinationPort: fixture.listener.port, id: "id-7",
            length: 5_010)
        #expect(try JSONDecoder().decode(SeenReply.self, from: Data(reply)) == expected)
        await fixture.server.close()
    }

    @Test(
        "a reply leaves from the address that the request came to, also from a wildcard socket",
        arguments: [
            ("0.0.0.0", ["127.0.0.1", "127.0.0.2", "127.9.8.7"]), ("::", ["::1", "fd00::1", "fd00::2"]),
            ("::", ["127.0.0.2", "fd00::2", "127.0.0.1", "::1"]),
        ])
    func replySource(bound: String, destinations: [String]) async throws {
        let fixture = try await ServerFixture(.udp, on: bound)
        let port = fixture.listener.port
        for destination in destinations {
            let address = try #require(IPAddress(destination))
            let (source, reply) = try await exchangeUnconnected(fixture.namespace, "seen 1", to: address, port)
            #expect(source == address.withPort(port))
            let seen = try JSONDecoder().decode(SeenReply.self, from: Data(reply.utf8))
            #expect(seen.destination == destination)
        }
        await fixture.server.close()
    }

    @Test("a datagram that came before the server did is answered")
    func earlyDatagram() async throws {
        let namespace = try await TestNamespace()
        let socket = try await ServerFixture.socket(namespace, .udp, on: "0.0.0.0")
        let own = try localPort(of: socket.fileDescriptor)
        let client = try await TestSocket.connected(namespace, SOCK_DGRAM, to: #require(IPAddress("127.0.0.3")), own)
        try await client.send("hostname")
        let server = ServerFixture.makeServer()
        _ = try await server.serve(
            listener: socket, as: ServerFixture.identity, connector: ServerFixture.connector(namespace))
        #expect(try await client.receive() == Array("pod-a".utf8))
        await server.close()
    }

    @Test("a reply that cannot be sent says why and leaves the socket as it was")
    func unreachable() async throws {
        let fixture = try await ServerFixture(.udp)
        let descriptor = try await ServerFixture.socket(fixture.namespace, .udp, on: "127.0.0.1").fileDescriptor
        defer { close(descriptor) }
        let source = NIOPacketInfo(
            destinationAddress: try SocketAddress(ipAddress: "127.0.0.1", port: 0), interfaceIndex: 0)
        let reply = DatagramReply(fileDescriptor: descriptor)
        let nowhere = try SocketAddress(ipAddress: "203.0.113.1", port: 9)
        #expect([ENETUNREACH, EINVAL].contains(reply.send(ByteBuffer(string: "x"), to: nowhere, from: source)))
        let there = try SocketAddress(ipAddress: "127.0.0.1", port: Int(fixture.listener.port))
        #expect(reply.send(ByteBuffer(string: "x"), to: there, from: source) == 0)
        await fixture.server.close()
    }

    @Test("the command parser agrees with a plain reading of any bytes", arguments: UInt64(1)...8)
    func fuzz(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let alphabet = Array(" \t\r\n\0eEcChHoOsStTnNaAmMiIpPlL xX%".utf8) + [0xff, 0x80]
        let words = ["hostname", "clientip", "echo ", "seen ", "SEEN\t", "EcHo "]
        for _ in 0..<2_000 {
            let word = Bool.random(using: &generator) ? Array((words.randomElement(using: &generator) ?? "").utf8) : []
            let bytes =
                generator.bytes(upTo: 3, from: Array(" \n".utf8)) + word + generator.bytes(upTo: 24, from: alphabet)
            #expect(
                DatagramCommand(ByteBuffer(bytes: bytes)) == Self.plainReading(bytes), "seed \(seed), bytes \(bytes)")
        }
    }

    /// The same commands read by splitting strings of Latin-1 characters.
    private static func plainReading(_ bytes: [UInt8]) -> DatagramCommand {
        let blanks: Set<Character> = [" ", "\t", "\n", "\u{0b}", "\u{0c}", "\r"]
        var characters = bytes.map { Character(UnicodeScalar($0)) }
        while let last = characters.last, blanks.contains(last) { characters.removeLast() }
        while let first = characters.first, blanks.contains(first) { characters.removeFirst() }
        func raw(_ characters: some Sequence<Character>) -> [UInt8] {
            characters.flatMap { $0.unicodeScalars.map { UInt8($0.value) } }
        }
        let word = characters.prefix(5).map { $0.isASCII ? $0.lowercased() : String($0) }.joined()
        switch characters.map({ $0.isASCII ? $0.lowercased() : String($0) }).joined() {
        case "hostname": return .hostname
        case "clientip": return .clientIP
        default: break
        }
        if word == "echo " { return .echo(ByteBuffer(bytes: raw(characters.dropFirst(5)))) }
        guard word == "seen " else { return .unknown }
        let id = characters.dropFirst(5).drop { blanks.contains($0) }.prefix { !blanks.contains($0) && $0 != "\0" }
        return id.isEmpty ? .unknown : .seen(id: String(decoding: raw(id), as: UTF8.self))
    }

    @Test("an id of more than 256 bytes is refused")
    func longID() {
        let id = String(repeating: "i", count: 256)
        #expect(DatagramCommand(ByteBuffer(string: "seen \(id)")) == .seen(id: id))
        #expect(DatagramCommand(ByteBuffer(string: "seen \(id)i")) == .unknown)
    }
}
