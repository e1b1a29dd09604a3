/// A number or a text, such as a targetPort or a maxSurge (util/intstr IntOrString).
public enum IntOrString: Hashable, Sendable {
    case integer(Int)
    case string(String)

    /// Reads a number or a text; other values give nil.
    public init?(_ value: JSONValue?) {
        switch value {
        case .integer(let number): self = .integer(Int(number))
        case .string(let text): self = .string(text)
        default: return nil
        }
    }

    /// The number that is meant out of a total: itself, or a percentage of the total.
    ///
    /// - Parameter roundingUp: whether a fraction counts as a whole.
    /// - Returns: nil where the text is no percentage.
    public func scaled(of total: Int, roundingUp: Bool) -> Int? {
        switch self {
        case .integer(let number): return number
        case .string(let text):
            guard text.hasSuffix("%"), let percent = Int(text.dropLast()) else { return nil }
            let (product, overflow) = total.multipliedReportingOverflow(by: percent)
            guard !overflow else { return nil }
            return roundingUp ? (product + 99) / 100 : product / 100
        }
    }
}
