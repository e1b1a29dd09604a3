internal import KubernetesModel
internal import NIOCore

/// One client's view of what happens to the objects of one kind.
///
/// It holds nothing but its place in the store's log and one piece of output: while its client does not read, it waits,
/// and when its place has left the log it says so and ends.
struct Watch: Sendable {
    private let store: ObjectStore
    private let options: ListOptions
    private let form: ObjectForm
    private let limits: ServerLimits

    /// How often the place moves on where nothing happens to this kind, so that the log's end does not overtake it.
    private static let refresh = TimeAmount.seconds(5)
    /// How long after its end a watch waits for a client that does not read.
    private static let grace = TimeAmount.seconds(5)

    /// - Throws: `APIStatus` (410) where the version to begin at is no longer known.
    init(_ store: ObjectStore, _ options: ListOptions, _ form: ObjectForm, _ limits: ServerLimits) throws(APIStatus) {
        self.store = store
        self.options = options
        self.form = form
        self.limits = limits
        if !sendsExisting, let version = options.resourceVersion, version > 0 {
            _ = try store.events(of: form.type, after: version)
        }
    }

    private var sendsExisting: Bool { options.sendsInitialEvents ?? ((options.resourceVersion ?? 0) == 0) }

    /// Writes events until the time is over.
    ///
    /// - Throws: where the client has gone.
    func run(_ body: AnswerBody) async throws {
        let seconds = options.timeoutSeconds.flatMap { $0 > 0 ? $0 : nil } ?? Int64.random(in: limits.watch)
        let end = NIODeadline.now() + .seconds(min(seconds, 1 << 31))
        let alarm = WatchAlarm(body.eventLoop, every: Self.refresh, end: end)
        let overdue = body.eventLoop.scheduleTask(deadline: end + Self.grace) { body.connection.value.cut() }
        defer {
            alarm.stop()
            overdue.cancel()
        }
        var output = WatchOutput(form)
        var version = store.resourceVersion
        if sendsExisting {
            version = try await writeExisting(&output, body)
        } else if let asked = options.resourceVersion, asked > 0 {
            version = asked
        }
        try await follow(from: version, until: end, &output, alarm, body)
    }

    /// Writes the objects that there are as added ones.
    private func writeExisting(_ output: inout WatchOutput, _ body: AnswerBody) async throws -> UInt64 {
        let (objects, version) = store.objects(options.selection)
        for stored in objects {
            output.append(.added, stored)
            if output.count >= limits.pieceBytes { try await body.write(output.take()) }
        }
        if options.sendsInitialEvents == true, options.allowsBookmarks {
            output.appendBookmark(version, annotations: ["k8s.io/initial-events-end": "true"])
        }
        try await body.write(output.take())
        return version
    }

    private func follow(
        from start: UInt64, until end: NIODeadline, _ output: inout WatchOutput, _ alarm: WatchAlarm, _ body: AnswerBody
    ) async throws {
        var version = start
        var bookmark = NIODeadline.now() + limits.bookmarks
        while true {
            try Task.checkCancellation()
            do throws(APIStatus) {
                version = try appendEvents(after: version, &output)
            } catch {
                output.append(error)
                return try await body.write(output.take())
            }
            let isBehind = output.count >= limits.pieceBytes
            let now = NIODeadline.now()
            if options.allowsBookmarks, !isBehind, now >= bookmark || now >= end {
                output.appendBookmark(version, annotations: nil)
                bookmark = now + limits.bookmarks
            }
            try await body.write(output.take())
            if now >= end { return }
            if isBehind { continue }
            let (type, place) = (form.type, version)
            await alarm.wait { [store] in await store.waitForChange(of: type, after: place) }
        }
    }

    /// Takes events up to one piece of output. The others stay in the log, so that a client which does not read holds
    /// none of them.
    ///
    /// - Returns: the version up to which events are taken.
    private func appendEvents(after version: UInt64, _ output: inout WatchOutput) throws(APIStatus) -> UInt64 {
        let (events, upTo) = try store.events(of: form.type, after: version)
        for event in events {
            if let kind = event.seen(by: options.selection) { output.append(kind, event) }
            if output.count >= limits.pieceBytes { return event.object.resourceVersion }
        }
        return upTo
    }
}

extension RequestService {
    /// Tells what happens to the selected objects, one event a line.
    func watch(_ options: ListOptions, _ form: ObjectForm) throws(APIStatus) -> Answer {
        let watch = try Watch(store, options, form, limits)
        return .stream { try await watch.run($0) }
    }
}
