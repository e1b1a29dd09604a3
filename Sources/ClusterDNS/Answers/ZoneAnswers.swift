/// Every name that exists, with its answers: what questions are looked up in.
///
/// A name that others are below exists too (RFC 4592, section 2.2.2): it has an entry without answers. The table is an
/// open-addressed one, so that a question touches as few lines of memory as can be: those of its slot and its answers.
struct ZoneAnswers: Sendable {
    /// A power of two, never full. An entry is at the place that its hash says or in the next free one behind it.
    private var slots: ContiguousArray<Slot>
    /// How many names exist.
    private(set) var count = 0
    private let hash: NameHash
    /// The version of the zone.
    private(set) var serial: UInt32 = 0

    private struct Slot {
        var hash: UInt64 = 0
        /// Nil where the slot is free.
        var answers: NameAnswers?
        /// How many names right below it exist.
        var children: UInt32 = 0
        /// Whether the name was told, and does not exist only for those below it.
        var isTold = false
    }

    init(hash: NameHash = NameHash()) {
        self.hash = hash
        slots = ContiguousArray(repeating: Slot(), count: 64)
    }

    /// The answers of a name, which is on the wire in lower case; nil where it does not exist.
    @inline(__always)
    func answers(of name: UnsafeRawBufferPointer) -> NameAnswers? { slots[place(of: name, hash.hash(name))].answers }

    /// Makes room for so many more names at once.
    mutating func reserve(_ more: Int) {
        while count + more > slots.count / 2 { grow() }
    }

    mutating func apply(_ changes: some Sequence<NameChange>, serial: UInt32) {
        for change in changes {
            if let answers = change.answers {
                tell(change.name[...], answers, levels: change.ancestors)
            } else {
                forget(change.name[...], levels: change.ancestors)
            }
        }
        self.serial = serial
    }

    private mutating func tell(_ name: ArraySlice<UInt8>, _ answers: NameAnswers, levels: UInt8) {
        let (place, isNew) = entry(name) { answers }
        slots[place].answers = answers
        slots[place].isTold = true
        if isNew { addChild(above: name, levels: levels) }
    }

    private mutating func addChild(above name: ArraySlice<UInt8>, levels: UInt8) {
        guard levels > 0 else { return }
        let parent = name.parent
        let (place, isNew) = entry(parent) { NameAnswers(name: Array(parent), sets: []) }
        slots[place].children += 1
        if isNew { addChild(above: parent, levels: levels - 1) }
    }

    private mutating func forget(_ name: ArraySlice<UInt8>, levels: UInt8) {
        let place = name.withUnsafeBytes { self.place(of: $0, hash.hash($0)) }
        guard slots[place].answers != nil, slots[place].isTold else { return }
        slots[place].isTold = false
        if slots[place].children > 0 {
            slots[place].answers = NameAnswers(name: Array(name), sets: [])
        } else {
            remove(at: place)
            removeChild(above: name, levels: levels)
        }
    }

    private mutating func removeChild(above name: ArraySlice<UInt8>, levels: UInt8) {
        guard levels > 0 else { return }
        let parent = name.parent
        let place = parent.withUnsafeBytes { self.place(of: $0, hash.hash($0)) }
        guard slots[place].answers != nil, slots[place].children > 0 else { return }
        slots[place].children -= 1
        if slots[place].children == 0, !slots[place].isTold {
            remove(at: place)
            removeChild(above: parent, levels: levels - 1)
        }
    }

    /// The slot of a name, or the free one where it would be.
    @inline(__always)
    private func place(of name: UnsafeRawBufferPointer, _ hash: UInt64) -> Int {
        slots.withUnsafeBufferPointer { slots in
            let mask = slots.count - 1
            var place = Int(truncatingIfNeeded: hash) & mask
            while let answers = slots[place].answers, slots[place].hash != hash || !answers.isOf(name) {
                place = (place + 1) & mask
            }
            return place
        }
    }

    /// The slot of a name; a new one where it has none.
    private mutating func entry(
        _ name: ArraySlice<UInt8>, _ answers: () -> NameAnswers
    ) -> (place: Int, isNew: Bool) {
        let hash = hash.hash(name)
        var place = name.withUnsafeBytes { self.place(of: $0, hash) }
        guard slots[place].answers == nil else { return (place, false) }
        if count + 1 > slots.count / 2 {
            grow()
            place = name.withUnsafeBytes { self.place(of: $0, hash) }
        }
        slots[place] = Slot(hash: hash, answers: answers())
        count += 1
        return (place, true)
    }

    private mutating func grow() {
        let old = slots
        slots = ContiguousArray(repeating: Slot(), count: 2 * old.count)
        guard count > 0 else { return }
        for slot in old where slot.answers != nil { slots[freePlace(for: slot.hash)] = slot }
    }

    private func freePlace(for hash: UInt64) -> Int {
        var place = Int(truncatingIfNeeded: hash) & (slots.count - 1)
        while slots[place].answers != nil { place = (place + 1) & (slots.count - 1) }
        return place
    }

    /// Frees a slot. Entries behind it that could not have the place that they wanted move up.
    private mutating func remove(at place: Int) {
        let mask = slots.count - 1
        var free = place
        slots[free] = Slot()
        count -= 1
        var next = (free + 1) & mask
        while slots[next].answers != nil {
            let wanted = Int(truncatingIfNeeded: slots[next].hash) & mask
            if (next - wanted) & mask >= (next - free) & mask {
                slots.swapAt(free, next)
                free = next
            }
            next = (next + 1) & mask
        }
    }
}

extension ArraySlice<UInt8> {
    /// A name on the wire without its first label.
    var parent: ArraySlice<UInt8> { self[(startIndex + 1 + Int(self[startIndex]))...] }
}

extension ZoneAnswers {
    /// Every name with its answers.
    var contents: [[UInt8]: NameAnswers] {
        Dictionary(uniqueKeysWithValues: slots.compactMap(\.answers).map { (Array($0.name), $0) })
    }
}
