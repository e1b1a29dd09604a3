extension ResourceType {
    /// What is wrong with a name for an object of this kind, as sentences; none where it is good.
    ///
    /// - Parameter isPrefix: whether more is going to be added to the name (`generateName`), so that it may end in `-`.
    public func nameFaults(_ name: String, isPrefix: Bool = false) -> [String] {
        var name = name
        if isPrefix, name.utf8.count > 1, name.hasSuffix("-") { name = name.dropLast(2) + "a" }
        switch self {
        case .namespaces: return Naming.labelFaults(name)
        case .services: return Naming.serviceNameFaults(name)
        default: return Naming.subdomainFaults(name)
        }
    }
}
