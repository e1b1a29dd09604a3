import Foundation
import KubernetesModel

/// The client's side of a WebSocket, frame by frame.
struct TestWebSocket {
    let client: TestClient

    /// Upgrades a connection; nil and the answer where the server refuses.
    static func open(
        _ client: TestClient, _ target: String, method: String = "GET", protocols: String
    ) async throws -> (socket: TestWebSocket?, answer: TestAnswer) {
        let key = Data((0..<16).map { UInt8($0) }).base64EncodedString()
        try await client.send(
            TestClient.request(
                method, target,
                [
                    ("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Version", "13"),
                    ("Sec-WebSocket-Key", key), ("Sec-WebSocket-Protocol", protocols),
                ]))
        let head = try await client.head()
        guard head.status == 101 else {
            var answer = head
            answer.body = try await client.take(head["content-length"].flatMap { Int($0) } ?? 0)
            return (nil, answer)
        }
        return (TestWebSocket(client: client), head)
    }

    /// Sends a message of a stream, masked as clients must.
    func send(_ stream: UInt8, _ text: String, opcode: UInt8 = 2, isLast: Bool = true) async throws {
        try await send(opcode, [stream] + Array(text.utf8), isLast: isLast)
    }

    func send(_ opcode: UInt8, _ payload: [UInt8], isLast: Bool = true) async throws {
        let mask: [UInt8] = [1, 2, 3, 4]
        var frame: [UInt8] = [opcode | (isLast ? 0x80 : 0)]
        if payload.count < 126 {
            frame.append(0x80 | UInt8(payload.count))
        } else {
            frame += [0x80 | 126, UInt8(payload.count >> 8), UInt8(payload.count & 255)]
        }
        frame += mask + payload.enumerated().map { $1 ^ mask[$0 % 4] }
        try await client.send(frame)
    }

    /// The next frame.
    func frame() async throws -> (opcode: UInt8, payload: [UInt8]) {
        let head = try await client.take(2)
        var length = Int(head[1])
        if length == 126 {
            length = try await client.take(2).reduce(0) { $0 << 8 | Int($1) }
        } else if length == 127 {
            length = try await client.take(8).reduce(0) { $0 << 8 | Int($1) }
        }
        return (head[0] & 15, try await client.take(length))
    }

    /// All that comes until the server says good-bye, by stream.
    func untilClose() async throws -> [UInt8: [UInt8]] {
        var streams: [UInt8: [UInt8]] = [:]
        while true {
            let (opcode, payload) = try await frame()
            if opcode == 8 { return streams }
            if opcode == 2, let stream = payload.first { streams[stream, default: []] += payload.dropFirst() }
        }
    }

    /// What comes until it is enough, by stream.
    func collect(until isEnough: ([UInt8: [UInt8]]) -> Bool) async throws -> [UInt8: [UInt8]] {
        var streams: [UInt8: [UInt8]] = [:]
        while !isEnough(streams) {
            let payload = try await frame().payload
            if let stream = payload.first { streams[stream, default: []] += payload.dropFirst() }
        }
        return streams
    }

    /// Waits until a stream has brought a text.
    func await(_ stream: UInt8, contains text: String) async throws {
        var bytes: [UInt8] = []
        while !String(decoding: bytes, as: UTF8.self).contains(text) {
            let (opcode, payload) = try await frame()
            guard opcode == 2, payload.first == stream else { continue }
            bytes += payload.dropFirst()
        }
    }
}
