import Foundation
import KubernetesModel
import NIOCore
import NIOPosix
import TestSupport
import Testing

@testable import ControlPlane

@Suite("SPDY inside a WebSocket")
struct SPDYTests {
    /// Header blocks of one connection as zlib makes them with the protocol's dictionary: two small ones in fixed codes, a
    /// large one in codes of its own.
    private static let blocks = [
        "ePnjxqfCAiU6cDorKUpNzIUWJaypoICGFMtF4BxgYWBhAKQ5iyDRmAlK3owGAAAAAP//", "wqoZVA4lEtYLAAAA//8=",
        [
            "lFhNbxQxDN09oB5bCsci7YkbqloqaH/OVFQFQT8u8NcrFQp4kl3l2e/Z016yszOJYz/72U5seDtT83Z++ndpSWtzPN",
            "1/O/51srm9+3IFw/Tj/uu0uZ5ubqbts1UHm94+9sc+fv95efWhpQuc0UTjuv5Mq3n3PpGkdk3g9dhmJ4NVxhGWbhc0",
            "IGxcH6GiMK9Jp7d98m7TNic1q33tGrXHKBwWJlDvJJECUV6EBuXBN8KRcfE2NJRODaU3TWy0oMvro1/v1BfeRlOjMV",
            "WUwbYCnKgkmZ742gcRBxd5qj03cD4aOAfkHwx7Hbw70fFXW+y0AXolqrqZHv2ujZsFJrGyUb/EVJ9AGjJnhsyekPR8",
            "nWkD73i3wuNHa5hmmQNSaLIgib5S6jVA5p7yEaLf7RQyMGoaoxoTG5EJXoMgoI3Ym7gMSUYQLlpdZZVIl0+BLggwGo",
            "DUIeIB+KhvGrsiQAA3qlbwYrEeCFqIbCcz3PjfkPlsyLz2Sjq9E+JlBKucgkCTL4bXuaRSc0C7pBkHJIpCkOaGBs35",
            "3K8AJIErkR+RgORbCvJFL1JSSloU7z9EKi0lkWvgPSRpA+LCxqcY/GQYRQrsKcpA2gNwjiDbkazDBK5WsJ3O4fCJR8",
            "Bx7n/t/GU/fwZaTgh5Riblss3VhW3sR0EkpaOssmQxoTRGoFaHYQ6Kp4SfVEXSPFJVDxmcIklV7dxYHTMgrhIhJ8Il",
            "BnjHYW5QXyWcSlpAqqFp8eAKhW+4WuUpIAnYOnpJf5DFFOt4WE+6eojVOwkLCtW6uMHuDDj1GiOQRDF4cTMWgzE2Ys",
            "AM6z1Xv9P0W6Yxeh1N4YAIOUKUtOewMbAs/KUEmXpr24AbCtZwrg8F8pykdckQZ4WsYhQnrxiIorKSLcVps7onSAud",
            "I2UHxzrR1V+Rz5JDBxmge3N1VEgaLVkLIlgUcUWHCPxAFd0ct3UHYm4831d55yVu1dV3oVsSUVgdLyBkxGFGJytmIx",
            "16aCEnrg6YtaPrd8UNzEI4iLZXXwJohDPexqKd+GPxmFac09N7sJgzOk7Wra73k3Sqb7TKVKMfia7xao1uk2pEk6ZG",
            "eyhhNhXJMeM/AAAA//8=",
        ].joined(),
    ].map { Array(Data(base64Encoded: $0) ?? Data()) }

    @Test("header fields are read across the frames of a connection")
    func headers() throws {
        var headers = SPDYHeaders()
        #expect(try headers.read(Self.blocks[0]) == ["streamtype": "error", "port": "8080", "requestid": "0"])
        #expect(try headers.read(Self.blocks[1]) == ["streamtype": "data", "port": "8080", "requestid": "0"])
        let large = try headers.read(Self.blocks[2])
        #expect(large.count == 20)
        #expect(large["n0"]?.hasPrefix("beta /api/v1 node node node alpha gamma") == true)
        #expect(large["n19"]?.hasSuffix("delta alpha kube-proxy gamma gamma beta delta kube-proxy") == true)
    }

    @Test("what is written is read by the same rules, twice")
    func written() throws {
        var writer = SPDYHeaders()
        var reader = SPDYHeaders()
        for _ in 0..<2 { #expect(try reader.read(writer.writeNone()).isEmpty) }
    }

    @Test("data that grows without bound is refused")
    func bombs() {
        // A hundred thousand zeros in a hundred bytes.
        let start: [UInt8] = [0xed, 0xc1, 0x31, 0x01, 0x00, 0x00, 0x00, 0xc2, 0xa0, 0xf5, 0x4f, 0x6d, 0x0d, 0x0f, 0xa0]
        let zeros = start + [UInt8](repeating: 0, count: 96) + [0x80, 0x57, 0x03]
        var whole = Inflater(dictionary: [], largest: 100_000)
        #expect((try? whole.inflate(zeros))?.count == 100_000)
        var inflater = Inflater(dictionary: [], largest: 4096)
        #expect(throws: Inflater.Failure.self) { try inflater.inflate(zeros) }
    }

    @Test("bytes that are changed, cut or made up are read or refused, and nothing else", arguments: [UInt64(1), 2, 3])
    func fuzz(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for round in 0..<300 {
            var block = Self.blocks[2]
            var headers = SPDYHeaders()
            _ = try headers.read(Self.blocks[0])
            _ = try headers.read(Self.blocks[1])
            if round % 2 == 0 {
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    block[Int.random(in: 0..<block.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
                }
            } else {
                block = (0..<Int.random(in: 0...64, using: &random)).map { _ in
                    UInt8.random(in: 0...255, using: &random)
                }
            }
            let result = (try? headers.read(block)) ?? [:]
            #expect(result.count <= 64 * 1024, "seed \(seed), round \(round)")

            var reader = SPDYReader()
            reader.append(ByteBuffer(bytes: block))
            var frames = 0
            while frames < 10_000, (try? reader.next()) ?? nil != nil { frames += 1 }
            #expect(frames < 10_000, "seed \(seed), round \(round)")
        }
    }

    @Test("a data frame comes in the pieces in which it arrives, and its end once")
    func pieces() throws {
        var reader = SPDYReader()
        let frame = SPDYWriter.data(stream: 3, ByteBuffer(string: "abcdef"), isLast: true)
        var text = ""
        var ends = 0
        for byte in frame.readableBytesView {
            reader.append(ByteBuffer(bytes: [byte]))
            while let frame = try reader.next() {
                guard case .data(3, let bytes, let isLast) = frame else { throw TestClient.Ended() }
                text += String(buffer: bytes)
                if isLast { ends += 1 }
            }
        }
        #expect(text == "abcdef")
        #expect(ends == 1)
    }

    @Test("kubectl's tunnel connects a port, answers pings, and tells why a port cannot be reached")
    func tunnel() async throws {
        let echo = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { $0.pipeline.addHandler(TunnelEcho()) }
            .bind(host: "127.0.0.1", port: 0).get()
        defer { echo.close(promise: nil) }
        try await TestServer.run { test in
            let port = UInt16(try #require(echo.localAddress?.port))
            test.runtime.ports.withLock { $0[8080] = port }
            try test.put((.pods, APIObject(.pods, name: "web", ["status": ["phase": "Running"]])))
            try await test.client { client in
                let (socket, head) = try await TestWebSocket.open(
                    client, "/api/v1/namespaces/default/pods/web/portforward",
                    protocols: "SPDY/3.1+portforward.k8s.io")
                #expect(head["sec-websocket-protocol"] == "SPDY/3.1+portforward.k8s.io")
                let web = try #require(socket)
                for (block, stream) in zip(Self.blocks, [UInt8(1), 3]) {
                    let length = UInt8(10 + block.count)
                    try await web.send(
                        2, [0x80, 3, 0, 1, 0, 0, 0, length, 0, 0, 0, stream, 0, 0, 0, 0, 0, 0] + block)
                }
                try await web.send(2, [0x80, 3, 0, 6, 0, 0, 0, 4, 0, 0, 0, 7])
                try await web.send(2, [0, 0, 0, 3, 0, 0, 0, 4] + Array("quit".utf8))
                var bytes: [UInt8] = []
                // The end of the stream for errors, empty, is the last that comes.
                let last: [UInt8] = [0, 0, 0, 1, 1, 0, 0, 0]
                while !bytes.suffix(8).elementsEqual(last) { bytes += try await web.frame().payload }
                func has(_ part: [UInt8]) -> Bool { Data(bytes).range(of: Data(part)) != nil }
                #expect(has([0x80, 3, 0, 6, 0, 0, 0, 4, 0, 0, 0, 7]))
                #expect(has([0x80, 3, 0, 2, 0, 0, 0]))
                #expect(has([0, 0, 0, 3, 0, 0, 0, 4] + Array("quit".utf8)))
                #expect(has([0, 0, 0, 3, 1, 0, 0, 0]))
            }
        }
    }
}

/// Sends back what it gets, and ends the connection behind it.
private final class TunnelEcho: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let context = context.loopBound
        context.value.writeAndFlush(data).whenComplete { _ in context.value.close(promise: nil) }
    }
}
