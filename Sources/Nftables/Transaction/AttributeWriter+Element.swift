internal import CLinux

extension AttributeWriter {
    /// Writes an element of a set or map as the kernel's set back end has it, and gives how many elements that took: a
    /// range of keys that are one number each is two, its first key and the one behind its last, which has no data.
    mutating func write(_ element: SetElement, _ target: MapElement.Target?, of container: ElementContainer) -> Int {
        nested(NftablesConstants.listElement) {
            if let timeout = element.timeout {
                $0.attribute(NftablesConstants.elementTimeout, UInt64(timeout) * 1000)
            }
            $0.writeKey(of: element, container)
            if let target {
                $0.nested(NftablesConstants.elementData) { $0.write(target) }
            }
            if let comment = element.comment {
                $0.attribute(NftablesConstants.elementUserData) { $0.write(comment: comment) }
            }
        }
        return 1 + writeEnd(of: element, container)
    }

    /// Writes an element's key alone, by which it is deleted.
    mutating func write(keyOf element: SetElement, _ container: ElementContainer) -> Int {
        nested(NftablesConstants.listElement) { $0.writeKey(of: element, container) }
        return 1 + writeEnd(of: element, container)
    }

    private mutating func writeKey(of element: SetElement, _ container: ElementContainer) {
        nested(NftablesConstants.elementKey) {
            $0.attribute(NftablesConstants.dataValue) { $0.write(element.key) }
        }
        if container.isConcatenatedRanges {
            nested(NftablesConstants.elementKeyEnd) {
                $0.attribute(NftablesConstants.dataValue) { $0.write(lastOf: element.keyEnd ?? element.key) }
            }
        }
    }

    private mutating func writeEnd(of element: SetElement, _ container: ElementContainer) -> Int {
        // A range that reaches to the last key there is has no key behind it.
        guard container.isRanges, let end = (element.keyEnd ?? element.key).first?.next else { return 0 }
        nested(NftablesConstants.listElement) {
            $0.attribute(NftablesConstants.elementFlags, NftablesConstants.intervalEnd)
            $0.nested(NftablesConstants.elementKey) {
                $0.attribute(NftablesConstants.dataValue) { $0.write([end]) }
            }
        }
        return 1
    }

    private mutating func write(_ target: MapElement.Target) {
        switch target {
        case .data(let values):
            attribute(NftablesConstants.dataValue) { $0.write(values) }
        case .verdict(let verdict):
            nested(NftablesConstants.dataVerdict) {
                $0.attribute(NftablesConstants.verdictCode, verdict.number)
                if let chain = verdict.chain { $0.attribute(NftablesConstants.verdictChain, chain) }
            }
        }
    }

    /// The same as `UserData(comment:)`.
    private mutating func write(comment: String) {
        write(UserData.comment)
        write(UInt8(truncatingIfNeeded: comment.utf8.count + 1))
        write(comment)
        write(UInt8(0))
    }
}
