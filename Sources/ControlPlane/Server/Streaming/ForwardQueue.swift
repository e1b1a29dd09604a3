internal import NIOCore
internal import Synchronization

/// Bytes on their way from a client to a port, so many that neither waits for the other all the time, and no more.
final class ForwardQueue: Sendable {
    /// The most bytes that wait before the client does.
    private static let room = 256 * 1024

    private struct State {
        var pieces: [ByteBuffer] = []
        var bytes = 0
        var hasEnded = false
        var reader: CheckedContinuation<ByteBuffer?, Never>?
        var writer: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// Adds a piece, and waits while there are too many. After the end it is dropped.
    func push(_ piece: ByteBuffer) async {
        guard piece.readableBytes > 0 else { return }
        await withCheckedContinuation { continuation in
            state.withLock { state in
                if state.hasEnded { return continuation.resume() }
                if let reader = state.reader {
                    state.reader = nil
                    reader.resume(returning: piece)
                    return continuation.resume()
                }
                state.pieces.append(piece)
                state.bytes += piece.readableBytes
                if state.bytes < Self.room { continuation.resume() } else { state.writer = continuation }
            }
        }
    }

    /// The next piece, when it comes; nil at the end.
    func next() async -> ByteBuffer? {
        await withCheckedContinuation { continuation in
            state.withLock { state in
                guard !state.pieces.isEmpty else {
                    if state.hasEnded { continuation.resume(returning: nil) } else { state.reader = continuation }
                    return
                }
                let piece = state.pieces.removeFirst()
                state.bytes -= piece.readableBytes
                if state.bytes < Self.room { Self.release(&state) }
                continuation.resume(returning: piece)
            }
        }
    }

    /// No more will come; what waits can still be taken.
    func finish() {
        state.withLock { state in
            state.hasEnded = true
            Self.release(&state)
            state.reader?.resume(returning: nil)
            state.reader = nil
        }
    }

    /// Nothing is taken any more.
    func abandon() {
        finish()
        state.withLock { state in
            state.pieces = []
            state.bytes = 0
        }
    }

    private static func release(_ state: inout State) {
        state.writer?.resume()
        state.writer = nil
    }
}
