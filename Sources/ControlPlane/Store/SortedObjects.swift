/// The objects of one kind in the order of namespace and name, so that lists need no sorting. Copies share what has not
/// changed since; a change moves at most one chunk.
struct SortedObjects: Sendable {
    private static let largestChunk = 512

    private var chunks: [[StoredObject]] = []
    /// How many there are.
    private(set) var count = 0

    /// The object of a name, or nil.
    func object(namespace: String, name: String) -> StoredObject? {
        let place = place(namespace, name)
        return place.isFound ? chunks[place.chunk][place.index] : nil
    }

    /// Adds an object or replaces the one of its name, which is returned.
    mutating func put(_ object: StoredObject) -> StoredObject? {
        let place = place(object.key.namespace, object.key.name)
        if place.isFound {
            let previous = chunks[place.chunk][place.index]
            chunks[place.chunk][place.index] = object
            return previous
        }
        count += 1
        if chunks.isEmpty { chunks.append([]) }
        chunks[place.chunk].insert(object, at: place.index)
        if chunks[place.chunk].count > Self.largestChunk {
            let half = Self.largestChunk / 2
            let rest = Array(chunks[place.chunk][half...])
            chunks[place.chunk].removeSubrange(half...)
            chunks.insert(rest, at: place.chunk + 1)
        }
        return nil
    }

    /// Takes an object out and returns it, or nil where there is none of this name.
    mutating func remove(namespace: String, name: String) -> StoredObject? {
        let place = place(namespace, name)
        guard place.isFound else { return nil }
        count -= 1
        let removed = chunks[place.chunk].remove(at: place.index)
        if chunks[place.chunk].isEmpty { chunks.remove(at: place.chunk) }
        return removed
    }

    /// The objects of one namespace, or all, that fulfil a condition.
    func objects(in namespace: String?, where isMeant: (StoredObject) -> Bool) -> [StoredObject] {
        var objects: [StoredObject] = []
        guard let namespace else {
            objects.reserveCapacity(count)
            for chunk in chunks { for object in chunk where isMeant(object) { objects.append(object) } }
            return objects
        }
        let start = place(namespace, "")
        var index = start.index
        for chunk in chunks[min(start.chunk, chunks.count)...] {
            while index < chunk.count {
                guard chunk[index].key.namespace == namespace else { return objects }
                if isMeant(chunk[index]) { objects.append(chunk[index]) }
                index += 1
            }
            index = 0
        }
        return objects
    }

    /// Where an object is, or where it would have to be inserted.
    private func place(_ namespace: String, _ name: String) -> (chunk: Int, index: Int, isFound: Bool) {
        func precedes(_ object: StoredObject) -> Bool {
            let key = object.key
            return key.namespace == namespace ? key.name < name : key.namespace < namespace
        }
        // The first chunk whose last object does not come before the name; past the end the last chunk grows.
        var chunk = Self.firstIndex(in: 0..<chunks.count) { index in chunks[index].last.map { !precedes($0) } ?? true }
        if chunk == chunks.count { chunk = max(0, chunks.count - 1) }
        guard chunk < chunks.count else { return (0, 0, false) }
        let objects = chunks[chunk]
        let index = Self.firstIndex(in: 0..<objects.count) { !precedes(objects[$0]) }
        let isFound =
            index < objects.count && objects[index].key.name == name && objects[index].key.namespace == namespace
        return (chunk, index, isFound)
    }

    /// The first place that fulfils a condition which holds from some place on, or the end.
    private static func firstIndex(in range: Range<Int>, where holds: (Int) -> Bool) -> Int {
        var low = range.lowerBound
        var high = range.upperBound
        while low < high {
            let middle = (low + high) / 2
            if holds(middle) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
