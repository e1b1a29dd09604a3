internal import Crypto
internal import FoundationEssentials
internal import KubernetesModel
internal import NIOCore
internal import NIOHTTP1
internal import NIOWebSocket

/// A request to go on with a WebSocket (RFC 6455, 4.2).
struct WebSocketHandshake: Sendable {
    /// The protocol that is spoken inside.
    let subprotocol: String
    private let accept: String

    /// Reads a request, and chooses the first of the client's protocols that is known.
    ///
    /// - Throws: `APIStatus`: 400 where it is no such request; 403 where it wants SPDY, which was before.
    init(_ request: APIRequest, protocols: [String]) throws(APIStatus) {
        let headers = request.headers
        let upgrades = headers[canonicalForm: "upgrade"].map { $0.lowercased() }
        if upgrades.contains(where: { $0.hasPrefix("spdy/") }) {
            throw APIStatus(
                code: 403, reason: "Forbidden",
                message: "SPDY is not supported here: use kubectl 1.31 or later, or a client that speaks WebSocket")
        }
        guard upgrades.contains("websocket") else {
            throw .badRequest("Upgrade request required: this needs a WebSocket")
        }
        guard headers[canonicalForm: "sec-websocket-version"].contains("13"),
            let key = headers.first(name: "sec-websocket-key"), Data(base64Encoded: key)?.count == 16
        else { throw .badRequest("the WebSocket handshake has no version 13 or no proper key") }
        let offered = headers[canonicalForm: "sec-websocket-protocol"].map(String.init)
        guard let chosen = offered.first(where: { protocols.contains($0) }) else {
            throw .badRequest(
                "none of the WebSocket protocols [\(offered.joined(separator: ", "))] is known here; known are "
                    + protocols.joined(separator: ", "))
        }
        subprotocol = chosen
        var digest = Insecure.SHA1()
        digest.update(data: Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8))
        accept = Data(digest.finalize()).base64EncodedString()
    }

    /// Agrees, and tells inside why there is no session. kubectl takes a handshake that fails for a server that is too
    /// old, and asks again by SPDY, so that its user would never read the reason.
    func refuse(_ status: APIStatus) -> Answer {
        answer { client in
            try? await client.executeThenClose { _, outbound in
                let writer = ChannelWriter(outbound)
                try await writer.send(ExecSession.Stream.status, ByteBuffer(bytes: status.value.bytes))
                try await writer.close()
            }
        }
    }

    /// Agrees, and goes on with the session.
    func answer(
        _ session: @escaping @Sendable (NIOAsyncChannel<WebSocketFrame, WebSocketFrame>) async -> Void
    ) -> Answer {
        Answer(
            .switchingProtocols,
            headers: [
                "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Accept": accept,
                "Sec-WebSocket-Protocol": subprotocol,
            ], .webSocket(session))
    }
}
