internal import KubernetesModel
internal import NIOCore

/// Events on their way to a client, a JSON document a line (meta/v1 WatchEvent).
struct WatchOutput {
    private let form: ObjectForm
    private var buffer = ByteBuffer()
    private var isFirst = true

    init(_ form: ObjectForm) {
        self.form = form
    }

    /// The bytes that wait.
    var count: Int { buffer.readableBytes }

    /// Gives what waits.
    mutating func take() -> ByteBuffer {
        defer { buffer = ByteBuffer() }
        return buffer
    }

    /// An event of a kind about an object.
    mutating func append(_ kind: WatchEvent.Kind, _ stored: StoredObject) {
        begin(kind.rawValue)
        form.appendEventObject(stored, isFirst: isFirst, to: &buffer)
        isFirst = false
        buffer.writeStaticString("}\n")
    }

    /// A change, as the client sees it. An object that leaves the selection is shown as it was within, under the version
    /// of the change.
    mutating func append(_ kind: WatchEvent.Kind, _ event: WatchEvent) {
        if kind == .deleted, event.kind != .deleted, let previous = event.previous {
            let last = StoredObject(form.type, previous.object, resourceVersion: event.object.resourceVersion)
            append(kind, last)
        } else {
            append(kind, event.object)
        }
    }

    /// A version up to which the client has seen everything.
    mutating func appendBookmark(_ version: UInt64, annotations: JSONValue?) {
        begin("BOOKMARK")
        buffer.writeBytes(form.bookmark(version, annotations: annotations).bytes)
        buffer.writeStaticString("}\n")
    }

    /// Why the watch ends.
    mutating func append(_ status: APIStatus) {
        begin("ERROR")
        buffer.writeBytes(status.value.bytes)
        buffer.writeStaticString("}\n")
    }

    private mutating func begin(_ kind: String) {
        buffer.writeStaticString("{\"type\":\"")
        buffer.writeString(kind)
        buffer.writeStaticString("\",\"object\":")
    }
}
