internal import KubernetesModel
internal import NIOCore

extension RequestService {
    /// One object.
    func get(_ key: ObjectKey, _ request: APIRequest) throws(APIStatus) -> Answer {
        let form = try ObjectForm(request, key.type)
        guard let stored = store.object(key) else { throw .notFound(key) }
        return .bytes(form.bytes(stored))
    }

    /// A list of objects, or what happens to them.
    func listOrWatch(_ request: APIRequest, _ target: ResourceTarget) throws(APIStatus) -> Answer {
        let options = try ListOptions(request.query, target)
        let form = try ObjectForm(request, target.type)
        return options.isWatch ? try watch(options, form) : try list(options, form, question: Self.question(request))
    }

    private static func question(_ request: APIRequest) -> String {
        "\(request.rawPath)?\(request.query["labelSelector"] ?? "")&\(request.query["fieldSelector"] ?? "")"
    }

    private func list(_ options: ListOptions, _ form: ObjectForm, question: String) throws(APIStatus) -> Answer {
        var metadata: [String: JSONValue] = [:]
        let objects: [StoredObject]
        let version: UInt64
        var offset = 0
        var list: UInt64?
        if let token = options.continuation {
            let (id, snapshot, start) = try pages.snapshot(token, question: question)
            (list, objects, version, offset) = (id, snapshot.objects, snapshot.resourceVersion, start)
        } else {
            (objects, version) = selected(options.selection)
        }
        var end = objects.count
        // As from the API server's cache, a list from version 0 is one page.
        if let limit = options.limit, options.resourceVersion != 0, objects.count - offset > limit {
            end = offset + limit
            metadata["continue"] = .string(
                ListPages.token(list ?? pages.keep(objects, version, question: question), at: end))
            if options.selection.labels.isEmpty, options.selection.fields.isEmpty {
                metadata["remainingItemCount"] = .integer(Int64(objects.count - end))
            }
        }
        metadata["resourceVersion"] = .string(String(version))
        return answer(objects[offset..<end], form, .object(metadata))
    }

    private func selected(_ selection: ObjectSelection) -> ([StoredObject], UInt64) {
        // Nodes ask for themselves by name.
        if let name = selection.fields.requirements.first(where: { $0.field == "metadata.name" && $0.isEqual })?.value,
            !selection.type.isNamespaced || selection.namespace != nil
        {
            let version = store.resourceVersion
            let key = ObjectKey(selection.type, namespace: selection.namespace ?? "", name: name)
            if let stored = store.object(key) {
                // The object may be newer than the version; a watch from there tells of it once more.
                return (selection.matches(stored) ? [stored] : [], version)
            }
            return ([], version)
        }
        let (objects, version) = store.objects(selection)
        return (objects, version)
    }

    /// Writes a list piece by piece, without a copy of the whole.
    func answer(_ objects: ArraySlice<StoredObject>, _ form: ObjectForm, _ metadata: JSONValue) -> Answer {
        let head = form.listHead(metadata)
        let size = objects.reduce(head.utf8.count + 2) { $0 + $1.bytes.count + 1 }
        let piece = limits.pieceBytes
        guard size > piece else {
            var buffer = ByteBuffer(string: head)
            for (index, stored) in objects.enumerated() {
                if index > 0 { buffer.writeInteger(UInt8(ascii: ",")) }
                form.appendItem(stored, to: &buffer)
            }
            buffer.writeString(ObjectForm.listTail)
            return Answer(.ok, headers: ["Content-Type": "application/json"], .whole(buffer))
        }
        return .pieces { body in
            var buffer = ByteBuffer(string: head)
            for (index, stored) in objects.enumerated() {
                if index > 0 { buffer.writeInteger(UInt8(ascii: ",")) }
                form.appendItem(stored, to: &buffer)
                guard buffer.readableBytes >= piece else { continue }
                try await body.write(buffer)
                buffer = ByteBufferAllocator().buffer(capacity: piece + 4096)
            }
            buffer.writeString(ObjectForm.listTail)
            try await body.write(buffer)
        }
    }
}
