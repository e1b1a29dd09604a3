internal import CLinux
internal import Netlink

/// What the kernel's answers say about a transaction.
struct TransactionOutcome {
    private var refusals: [NftablesError.Refusal] = []
    private var isAcknowledged = false

    /// Reads one datagram of answers; those to earlier transactions are passed over.
    mutating func read(_ datagram: ArraySlice<UInt8>, _ transaction: Transaction) {
        for message in ReceivedMessage.split(datagram) where message.type == NftablesConstants.error {
            guard let error = message.payload.load(nlmsgerr.self) else { continue }
            let attributes = Self.attributes(of: message, error)
            if message.sequence == transaction.firstSequence, error.error != 0 {
                refuse(.commit, .transaction, error, attributes)
            } else if let index = transaction.index(of: message.sequence) {
                guard error.error != 0 else {
                    isAcknowledged = isAcknowledged || index == transaction.messages.count - 1
                    continue
                }
                let object = transaction.object(of: index, at: attributes.offset)
                refuse(transaction.messages[index].action, object, error, attributes)
            }
        }
    }

    /// Throws what went wrong. The last message is acknowledged even where one before it was refused.
    func get() throws(NftablesError) {
        if !refusals.isEmpty { throw .refused(refusals) }
        if !isAcknowledged { throw .unanswered }
    }

    private mutating func refuse(
        _ action: RulesetAction, _ object: RulesetObject, _ error: nlmsgerr, _ attributes: ErrorAttributes
    ) {
        refusals.append(
            NftablesError.Refusal(
                action: action, object: object, cause: SystemError(errno: -error.error), kernelMessage: attributes.text)
        )
    }

    private typealias ErrorAttributes = (text: String?, offset: Int?)

    /// The kernel's text, and how far into the refused message the attribute lies that it refused.
    private static func attributes(of message: ReceivedMessage, _ error: nlmsgerr) -> ErrorAttributes {
        var found: ErrorAttributes = (nil, nil)
        guard message.flags & NftablesConstants.acknowledgementHasAttributes != 0 else { return found }
        // An error that is not capped has the whole refused message in front of its attributes.
        let isCapped = message.flags & NftablesConstants.capped != 0
        let skipped = isCapped ? 0 : Int(error.msg.nlmsg_len) - MemoryLayout<nlmsghdr>.size
        guard skipped >= 0 else { return found }
        let rest = message.payload.dropFirst(MemoryLayout<nlmsgerr>.size + (skipped + 3) & ~3)
        for (type, value) in Attributes(rest) {
            switch type {
            case NftablesConstants.messageAttribute: found.text = value.string
            case NftablesConstants.offsetAttribute: found.offset = value.load(UInt32.self).map(Int.init)
            default: break
            }
        }
        return found
    }
}

extension Transaction {
    /// What a message is about. With elements, the one that lies so many bytes into the message.
    func object(of index: Int, at offset: Int?) -> RulesetObject {
        let message = messages[index]
        guard case .elements(let numbers, let container) = message.object else { return message.object }
        if numbers.count == 1 { return .element(numbers.lowerBound, of: container) }
        guard let offset,
            let received = ReceivedMessage.split(datagram[message.range]).first,
            let list = received.attributes(after: nfgenmsg.self).first(where: {
                $0.type == NftablesConstants.elementsAttribute
            })
        else { return message.object }
        let position = message.range.lowerBound + offset
        for (place, element) in Attributes(list.value).enumerated() {
            // The kernel may name the element's attribute, whose header comes four bytes before its value, or one in it.
            if (element.value.startIndex - MemoryLayout<nlattr>.size..<element.value.endIndex).contains(position) {
                let number =
                    message.numbers.indices.contains(place) ? message.numbers[place] : numbers.lowerBound + place
                return .element(number, of: container)
            }
        }
        return message.object
    }
}
