internal import CLinux

extension Transaction {
    /// The most elements in a message, however small they are.
    private static let mostElements = 400
    /// Elements are added to a message while it is shorter: the attribute that holds them counts its length in 16 bits, and
    /// one element has less than two kilobytes.
    private static let longestList = 60_000

    /// Adds elements to a set that is there.
    mutating func addElements(_ elements: [SetElement], to container: ElementContainer, _ table: TableIdentity) {
        append(.add, elements.count, of: container, table) { $0.write(elements[$1], nil, of: container) }
    }

    /// Adds elements to a map that is there.
    mutating func addElements(_ elements: [MapElement], to container: ElementContainer, _ table: TableIdentity) {
        append(.add, elements.count, of: container, table) {
            $0.write(elements[$1].element, elements[$1].target, of: container)
        }
    }

    /// Deletes elements of a set by their keys.
    mutating func deleteElements(_ elements: [SetElement], of container: ElementContainer, _ table: TableIdentity) {
        append(.delete, elements.count, of: container, table) { $0.write(keyOf: elements[$1], container) }
    }

    /// Deletes elements of a map by their keys.
    mutating func deleteElements(_ elements: [MapElement], of container: ElementContainer, _ table: TableIdentity) {
        append(.delete, elements.count, of: container, table) { $0.write(keyOf: elements[$1].element, container) }
    }

    /// Appends messages about elements, with as many in each as it holds. `write` writes one by its place in the list and
    /// gives how many elements that is for the kernel.
    mutating func append(
        _ action: RulesetAction, _ count: Int, of container: ElementContainer, identifier: UInt32? = nil,
        _ table: TableIdentity, _ write: (inout AttributeWriter, Int) -> Int
    ) {
        var start = 0
        while start < count {
            var end = start
            // Which of the list each of the kernel's elements belongs to.
            var numbers: [Int] = []
            append(
                action, type: Self.type(of: action, container), flags: Self.flags(of: action), family: table.family
            ) { writer in
                writer.attribute(NftablesConstants.elementsSet, container.name)
                if let identifier { writer.attribute(NftablesConstants.elementsSetIdentifier, identifier) }
                writer.attribute(NftablesConstants.elementsTable, table.name)
                let listStart = writer.count
                writer.nested(NftablesConstants.elementsAttribute) { writer in
                    while end < count, end - start < Self.mostElements, writer.count - listStart < Self.longestList {
                        let written = write(&writer, end)
                        end += 1
                        if container.isRanges { numbers += repeatElement(end, count: written) }
                    }
                }
                return (.elements(start + 1...end, of: container.object), numbers)
            }
            start = end
        }
    }

    /// Elements that go by themselves may have gone just before they are deleted: an error only where the kernel cannot
    /// look over it.
    private static func type(of action: RulesetAction, _ container: ElementContainer) -> UInt16 {
        guard action == .delete else { return NftablesConstants.newElements }
        let canDestroy = KernelVersion.current.map { $0 >= .destroyingElements } ?? false
        return container.flags.contains(.timeout) && canDestroy
            ? NftablesConstants.destroyElements : NftablesConstants.deleteElements
    }

    private static func flags(of action: RulesetAction) -> UInt16 {
        action == .delete ? 0 : NftablesConstants.create | NftablesConstants.exclusive
    }
}
