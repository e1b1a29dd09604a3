/// The rules that names follow, as the Kubernetes API has them (apimachinery's validation).
public enum NameRule: Sendable {
    /// A DNS label (RFC 1123): lab, node, host, namespace and container names.
    case label
    /// A DNS subdomain (RFC 1123): pod names and the cluster's domain.
    case subdomain
    /// A label's key: a name, with an optional DNS subdomain and `/` before it.
    case labelKey
    /// A label's value.
    case labelValue
    /// A port's name (RFC 6335 service name).
    case portName
    /// An environment variable's name.
    case environmentVariable

    /// Whether a text follows the rule.
    public func permits(_ text: String) -> Bool { fault(in: text) == nil }

    /// What is wrong with a text under the rule, as the end of a sentence about it, or nil.
    func fault(in text: String) -> String? {
        switch self {
        case .label: Self.fault(in: text, limit: 63, allowed: Self.isLower, also: "-")
        case .subdomain:
            Self.fault(in: text, limit: 253, allowed: Self.isLower, also: "-.")
                ?? text.split(separator: ".", omittingEmptySubsequences: false).lazy
                .compactMap { Self.faultOfEnds($0, Self.isLower, "its part between dots") }.first
        case .labelKey: Self.faultOfKey(text)
        case .labelValue: text.isEmpty ? nil : Self.fault(in: text, limit: 63, allowed: Self.isLetter, also: "-_.")
        case .portName: Self.faultOfPortName(text)
        case .environmentVariable: Self.faultOfVariable(text)
        }
    }

    /// What a text must be under the rule.
    var requirement: String {
        switch self {
        case .label:
            "use lower-case letters, digits and '-', with a letter or digit at both ends, at most 63 characters"
        case .subdomain:
            "use lower-case letters, digits, '-' and '.', with a letter or digit at both ends of each part between dots, "
                + "at most 253 characters"
        case .labelKey:
            "use letters, digits, '-', '_' and '.', at most 63, with an optional DNS name and '/' before them"
        case .labelValue:
            "use letters, digits, '-', '_' and '.', with a letter or digit at both ends, at most 63, or nothing"
        case .portName: "use lower-case letters, digits and single '-', at least one letter, at most 15 characters"
        case .environmentVariable: "use printable ASCII without '='"
        }
    }

    // MARK: Parts

    private static func isLower(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        isLower(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }

    private static func fault(in text: String, limit: Int, allowed: (UInt8) -> Bool, also: String) -> String? {
        if text.isEmpty { return "it is empty" }
        if text.utf8.count > limit { return "it has \(text.utf8.count) characters, and at most \(limit) are allowed" }
        for scalar in text.unicodeScalars {
            if let byte = UInt8(exactly: scalar.value), byte < 0x80, allowed(byte) || also.utf8.contains(byte) {
                continue
            }
            if scalar.value == 0 { return "it has a NUL character" }
            if scalar.properties.isUppercase { return "it has the upper-case letter '\(scalar)'" }
            return "it has the character '\(Shown.plain(String(scalar)))'"
        }
        return faultOfEnds(text[...], allowed, "it")
    }

    private static func faultOfEnds(_ text: Substring, _ allowed: (UInt8) -> Bool, _ what: String) -> String? {
        guard let first = text.utf8.first, let last = text.utf8.last else { return "\(what) is empty" }
        if !allowed(first) { return "\(what) begins with '\(Unicode.Scalar(first))'" }
        return allowed(last) ? nil : "\(what) ends with '\(Unicode.Scalar(last))'"
    }

    private static func faultOfKey(_ text: String) -> String? {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard let name = parts.last else { return "it is empty" }
        if parts.count == 2, let fault = NameRule.subdomain.fault(in: parts[0]) {
            return "the part before '/' is no DNS name: \(fault)"
        }
        return fault(in: name, limit: 63, allowed: isLetter, also: "-_.")
    }

    private static func faultOfPortName(_ text: String) -> String? {
        if let fault = fault(in: text, limit: 15, allowed: isLower, also: "-") { return fault }
        if text.contains("--") { return "it has two '-' in a row" }
        let hasLetter = text.utf8.contains { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
        return hasLetter ? nil : "it has no letter"
    }

    private static func faultOfVariable(_ text: String) -> String? {
        if text.isEmpty { return "it is empty" }
        let odd = text.unicodeScalars.first { !(0x20...0x7e).contains($0.value) || $0 == "=" }
        return odd.map { "it has the character '\(Shown.plain(String($0)))'" }
    }
}
