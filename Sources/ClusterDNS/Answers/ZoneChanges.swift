/// What a change of objects means for the names of a zone.
public struct ZoneChanges: Sendable {
    /// Names that are new, have other answers, or are gone.
    var names: [NameChange] = []
    /// The version of the zone from now on.
    var serial: UInt32

    /// Whether nothing changes.
    public var isEmpty: Bool { names.isEmpty }
    /// How many names change.
    public var count: Int { names.count }
}

/// A name's answers from now on.
struct NameChange: Sendable {
    /// On the wire, in lower case.
    let name: [UInt8]
    /// Nil where the name is gone, unless others are below it.
    let answers: NameAnswers?
    /// How many of the names above it exist because it does.
    let ancestors: UInt8
}
