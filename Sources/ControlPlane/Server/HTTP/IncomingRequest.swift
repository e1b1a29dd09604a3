internal import KubernetesModel
internal import NIOCore
internal import NIOHTTP1

/// How the clients of a listener prove who they are.
enum Access: Sendable {
    /// By the kernel's word that they are root; nothing is encrypted.
    case root
    /// By a token, over TLS.
    case token
}

/// A request that is being received. Bodies of those who may not send any are dropped as they come.
final class IncomingRequest {
    private let head: HTTPRequestHead
    private let service: RequestService
    private let user: User?
    private let isLocal: Bool
    private let isRefused: Bool
    private var body = ByteBuffer()
    private var received = 0
    private var reserved = 0

    init(_ head: HTTPRequestHead, service: RequestService, access: Access) {
        self.head = head
        self.service = service
        user = access == .root ? .admin : service.credentials.user(of: head.headers)
        isLocal = access == .root
        isRefused = user == nil && !Self.isOpen(head.uri)
    }

    /// What anybody may ask: whether the server lives.
    private static func isOpen(_ target: String) -> Bool {
        let path = target.prefix { $0 != "?" }
        return ["/healthz", "/readyz", "/livez"].contains { path == $0 || path.hasPrefix($0 + "/") }
    }

    /// Why nothing of the body needs to be read, or nil.
    var refusalOfHead: APIStatus? {
        if head.method == .CONNECT { return .methodNotSupported("the server makes no tunnels") }
        guard let length = head.headers.first(name: "content-length").flatMap({ Int($0) }) else { return nil }
        return length > limit ? tooLarge : nil
    }

    /// Takes a part of the body.
    ///
    /// - Returns: why the rest is not read, or nil.
    func receive(_ part: ByteBuffer) -> APIStatus? {
        received += part.readableBytes
        guard received <= limit else { return tooLarge }
        guard !isRefused else { return nil }
        guard service.budget.take(part.readableBytes) else { return busy }
        reserved += part.readableBytes
        body.writeImmutableBuffer(part)
        return nil
    }

    /// The request as it was received. Its room is given back when the last copy of it goes.
    func whole() -> ReceivedRequest {
        let room = ByteRoom(service.budget, reserved)
        reserved = 0
        return ReceivedRequest(
            head: head, body: body, user: isRefused ? nil : user ?? .anonymous, isLocal: isLocal, room: room)
    }

    /// Gives back what the body has taken; also when the connection ends before the request is whole.
    func abandon() {
        service.budget.giveBack(reserved)
        reserved = 0
        body = ByteBuffer()
    }

    private var tooLarge: APIStatus {
        APIStatus(
            code: 413, reason: "RequestEntityTooLarge",
            message: "Request entity too large: limit is \(limit)")
    }

    /// The most bytes of the body.
    private var limit: Int {
        isLocal && LabRequest(head.uri) != nil ? service.limits.manifestBytes : service.limits.bodyBytes
    }

    private var busy: APIStatus {
        var details = APIStatus.Details()
        details.retryAfterSeconds = 1
        return APIStatus(
            code: 429, reason: "TooManyRequests",
            message: "The server is receiving too many requests at a time, please try again later.", details: details)
    }
}

/// A request that was received, from somebody known (or nil).
struct ReceivedRequest: Sendable {
    let head: HTTPRequestHead
    let body: ByteBuffer
    let user: User?
    /// Whether it came over the Unix socket.
    let isLocal: Bool
    let room: ByteRoom
}

/// Room in a budget, given back when nobody holds this any more.
final class ByteRoom: Sendable {
    private let budget: ByteBudget
    private let bytes: Int

    init(_ budget: ByteBudget, _ bytes: Int) {
        self.budget = budget
        self.bytes = bytes
    }

    deinit { budget.giveBack(bytes) }
}
