internal import CLinux
public import Netlink

/// Why a ruleset was not committed or read. Nothing was changed then.
public enum NftablesError: Error, Hashable, Sendable {
    /// The ruleset is no valid value: what in it, and why. The kernel was not asked.
    case invalid(RulesetObject, reason: String)
    /// The kernel refused the transaction because of these requests, at least one.
    case refused([Refusal])
    /// The kernel did not answer whether it committed; nothing may be assumed about the ruleset.
    case unanswered
    /// The socket failed.
    case netlink(NetlinkError)

    /// Whether all that was refused is the deletion of elements that are not there: some may have gone by themselves.
    public var isMissingElement: Bool {
        guard case .refused(let refusals) = self else { return false }
        return refusals.allSatisfy { refusal in
            guard refusal.action == .delete, refusal.cause.errno == ENOENT else { return false }
            switch refusal.object {
            case .element, .elements: return true
            default: return false
            }
        }
    }

    /// One request that the kernel refused.
    public struct Refusal: Hashable, Sendable {
        /// What was attempted.
        public let action: RulesetAction
        /// On what.
        public let object: RulesetObject
        /// What the kernel said.
        public let cause: SystemError
        /// What it said beyond the errno (NLMSGERR_ATTR_MSG).
        public let kernelMessage: String?

        /// What can be done about it, where that is known.
        var advice: String? {
            switch (cause.errno, object) {
            case (EPERM, _): "this needs CAP_NET_ADMIN in the namespace"
            case (EEXIST, .element), (EBUSY, .element): "the key occurs twice, or lies in another range"
            case (ENOTEMPTY, .element): "the range overlaps another one"
            case (ENFILE, .element), (ENFILE, .elements): "the set is full"
            case (ENOENT, .element) where action == .delete: "there is no such element"
            case (EBUSY, .set), (EBUSY, .map): "a rule still names it"
            case (EBUSY, .chain): "a rule or an element still leads to it"
            case (EOPNOTSUPP, .chain): "this kernel lacks the chain's type or hook, or the type is not for that hook"
            case (ENOENT, .rule), (ENOENT, .element):
                "it names a chain that does not exist, or the kernel lacks a feature"
            case (ELOOP, _), (EMLINK, _): "the chains jump in a circle or too deep"
            default: nil
            }
        }
    }
}

/// What a transaction does with an object.
public enum RulesetAction: String, Hashable, Sendable {
    case add
    case delete
    case flush
    case commit
}

/// An object of a ruleset, for messages. Rules and elements are counted from 1.
public enum RulesetObject: Hashable, Sendable {
    case table(TableIdentity)
    case chain(String, in: TableIdentity)
    case set(String, in: TableIdentity)
    case map(String, in: TableIdentity)
    case rule(Int, chain: String, in: TableIdentity)
    /// An element of a set or map.
    indirect case element(Int, of: RulesetObject)
    /// Elements of which the kernel did not say which one it refused.
    indirect case elements(ClosedRange<Int>, of: RulesetObject)
    /// The transaction as a whole.
    case transaction
}

extension RulesetObject: CustomStringConvertible {
    /// The object as a sentence names it: `element 3 of map by-port in table ip lab-hostports`.
    public var description: String {
        switch self {
        case .table(let table): "table \(table)"
        case .chain(let name, let table): "chain \(name) in table \(table)"
        case .set(let name, let table): "set \(name) in table \(table)"
        case .map(let name, let table): "map \(name) in table \(table)"
        case .rule(let number, let chain, let table): "rule \(number) of chain \(chain) in table \(table)"
        case .element(let number, let container): "element \(number) of \(container)"
        case .elements(let numbers, let container):
            "elements \(numbers.lowerBound) to \(numbers.upperBound) of \(container)"
        case .transaction: "the transaction"
        }
    }
}

extension NftablesError.Refusal: CustomStringConvertible {
    /// What was attempted, what the kernel said, and what can be done about it where that is known.
    public var description: String {
        let said = kernelMessage.map { "\(cause): \($0)" } ?? "\(cause)"
        return "\(action.rawValue) \(object): \(said)" + (advice.map { " (\($0))" } ?? "")
    }
}

extension NftablesError: CustomStringConvertible {
    /// The first refusal, and how many there are, or what else went wrong.
    public var description: String {
        switch self {
        case .invalid(let object, let reason): "\(object): \(reason)"
        case .refused(let refusals):
            "cannot " + refusals.prefix(1).map(\.description).joined()
                + (refusals.count > 1 ? ", and \(refusals.count - 1) more" : "")
        case .unanswered: "the kernel did not say whether it committed the nftables transaction"
        case .netlink(let error) where error.errno == EMSGSIZE:
            "nftables: \(error) (the transaction is longer than net.core.wmem_max lets a socket hold)"
        case .netlink(let error): "nftables: \(error)"
        }
    }
}
