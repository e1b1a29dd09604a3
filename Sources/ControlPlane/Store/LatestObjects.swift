/// The last objects that were stored, which keep their trees: each is read by several who follow the store, and often
/// changed again at once. Older ones are kept as bytes alone.
struct LatestObjects {
    /// How many objects keep their trees.
    static let capacity = 512

    private var objects: [StoredObject] = []
    private var next = 0

    /// Adds an object in the place of the oldest.
    mutating func append(_ object: StoredObject) {
        guard objects.count == Self.capacity else { return objects.append(object) }
        objects[next].forgetTree()
        objects[next] = object
        next = (next + 1) % Self.capacity
    }
}
