/// What names of all sorts may look like, in apimachinery's words (util/validation).
enum Naming {
    private static let label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
    private static let qualifiedName = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"

    static func longest(_ limit: Int) -> String { "must be no more than \(limit) characters" }

    private static func sentence(_ message: String, _ expression: String, _ examples: String...) -> String {
        "\(message) (e.g. " + examples.map { "'\($0)', " }.joined(separator: " or ")
            + "regex used for validation is '\(expression)')"
    }

    /// RFC 1123 label: namespaces, containers, ports of Services.
    static func labelFaults(_ text: String) -> [String] {
        let faults = text.utf8.count > 63 ? [longest(63)] : []
        if isLabel(text.utf8[...]) { return faults }
        return faults + [isSubdomain(text) ? "must not contain dots" : labelSentence]
    }

    private static let labelSentence = sentence(
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end "
            + "with an alphanumeric character", label, "my-name", "123-abc")

    /// RFC 1123 subdomain: the names of most objects.
    static func subdomainFaults(_ text: String) -> [String] {
        (text.utf8.count > 253 ? [longest(253)] : []) + (isSubdomain(text) ? [] : [subdomainSentence])
    }

    private static let subdomainSentence = sentence(
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start "
            + "and end with an alphanumeric character", "\(label)(\\.\(label))*", "example.com")

    /// A subdomain in which resolvers search, such as `_tcp.example.com`.
    static func searchDomainFaults(_ text: String) -> [String] {
        let parts = text.utf8[...].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let isGood = parts.allSatisfy { part in
            let rest = part.first == UInt8(ascii: "_") ? part.dropFirst() : part
            guard let first = rest.first, let last = rest.last else { return false }
            return isLowercaseOrDigit(first) && isLowercaseOrDigit(last)
                && rest.allSatisfy { isLowercaseOrDigit($0) || $0 == hyphen || $0 == UInt8(ascii: "_") }
        }
        return (text.utf8.count > 253 ? [longest(253)] : []) + (isGood ? [] : [searchDomainSentence])
    }

    private static let searchDomainSentence = sentence(
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must "
            + "start and end with an alphanumeric character", "\(searchLabel)(\\.\(searchLabel))*", "example.com")

    private static let searchLabel = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?"

    /// RFC 1035 label: the names of Services.
    static func serviceNameFaults(_ text: String) -> [String] {
        let isGood = isLabel(text.utf8[...]) && text.utf8.first.map(isLowercase) == true
        return (text.utf8.count > 63 ? [longest(63)] : []) + (isGood ? [] : [serviceNameSentence])
    }

    private static let serviceNameSentence = sentence(
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic "
            + "character, and end with an alphanumeric character", "[a-z]([-a-z0-9]*[a-z0-9])?", "my-name", "abc-123")

    /// `*.` and a subdomain: hosts of an Ingress.
    static func wildcardFaults(_ text: String) -> [String] {
        (text.utf8.count > 253 ? [longest(253)] : [])
            + (text.hasPrefix("*.") && isSubdomain(String(text.dropFirst(2))) ? [] : [wildcardSentence])
    }

    private static let wildcardSentence = sentence(
        "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of "
            + "lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
        "\\*\\.\(label)(\\.\(label))*", "*.example.com")

    /// A name with an optional subdomain and `/` before it: keys of labels and annotations, finalizers.
    static func qualifiedNameFaults(_ text: String) -> [String] {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        var faults: [String] = []
        switch parts.count {
        case 1: break
        case 2:
            if parts[0].isEmpty {
                faults.append("prefix part must be non-empty")
            } else {
                faults += subdomainFaults(parts[0]).map { "prefix part \($0)" }
            }
        default:
            return [
                "a qualified name \(qualifiedNameSentence) with an optional DNS subdomain prefix and '/' "
                    + "(e.g. 'example.com/MyName')"
            ]
        }
        let name = parts[parts.count - 1]
        if name.isEmpty {
            faults.append("name part must be non-empty")
        } else if name.utf8.count > 63 {
            faults.append("name part \(longest(63))")
        }
        if !isQualified(name.utf8[...]) { faults.append("name part \(qualifiedNameSentence)") }
        return faults
    }

    private static let qualifiedNameSentence = sentence(
        "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric "
            + "character",
        qualifiedName, "MyName", "my.name", "123-abc")

    static func labelValueFaults(_ text: String) -> [String] {
        (text.utf8.count > 63 ? [longest(63)] : [])
            + (text.isEmpty || isQualified(text.utf8[...]) ? [] : [labelValueSentence])
    }

    private static let labelValueSentence = sentence(
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start "
            + "and end with an alphanumeric character", "(\(qualifiedName))?", "MyValue", "my_value", "12345")

    /// IANA service name: ports of containers, named targetPorts.
    static func portNameFaults(_ text: String) -> [String] {
        var faults: [String] = []
        if text.utf8.count > 15 { faults.append(longest(15)) }
        if text.isEmpty || !text.utf8.allSatisfy({ isLowercaseOrDigit($0) || $0 == hyphen }) {
            faults.append("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)")
        }
        if !text.utf8.contains(where: isLowercase) { faults.append("must contain at least one letter (a-z)") }
        if hasTwoHyphens(text) { faults.append("must not contain consecutive hyphens") }
        if text.utf8.first == hyphen || text.utf8.last == hyphen {
            faults.append("must not begin or end with a hyphen")
        }
        return faults
    }

    static func environmentVariableFaults(_ text: String) -> [String] {
        if text.isEmpty { return ["environment variable name must be non-empty"] }
        return text.utf8.allSatisfy { (0x20..<0x7f).contains($0) && $0 != UInt8(ascii: "=") }
            ? [] : ["a valid environment variable name must consist only of printable ASCII characters other than '='"]
    }

    /// Keys of ConfigMaps and Secrets.
    static func configKeyFaults(_ text: String) -> [String] {
        var faults: [String] = []
        if text.utf8.count > 253 { faults.append(longest(253)) }
        if text.isEmpty || !text.utf8.allSatisfy(Words.isNameByte) { faults.append(configKeySentence) }
        if text == "." || text == ".." {
            faults.append("must not be '\(text)'")
        } else if text.hasPrefix("..") {
            faults.append("must not start with '..'")
        }
        return faults
    }

    private static let configKeySentence = sentence(
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.'", "[-._a-zA-Z0-9]+", "key.name",
        "KEY_NAME", "key-name")

    static func headerNameFaults(_ text: String) -> [String] {
        let isGood = !text.isEmpty && text.utf8.allSatisfy { isAlphanumeric($0) || $0 == hyphen }
        return isGood
            ? []
            : [
                sentence(
                    "a valid HTTP header must consist of alphanumeric characters or '-'", "[-A-Za-z0-9]+",
                    "X-Header-Name")
            ]
    }

    /// Whether a text is the name of a kernel setting, such as `net.ipv4.ip_forward`.
    static func isSetting(_ text: String) -> Bool {
        text.utf8.split(omittingEmptySubsequences: false) { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "/") }
            .allSatisfy { part in
                guard let first = part.first, let last = part.last else { return false }
                return isLowercaseOrDigit(first) && isLowercaseOrDigit(last)
                    && part.allSatisfy { isLowercaseOrDigit($0) || $0 == hyphen || $0 == UInt8(ascii: "_") }
            }
    }

    // MARK: Bytes

    private static let hyphen = UInt8(ascii: "-")

    private static func isLowercase(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }

    private static func isLowercaseOrDigit(_ byte: UInt8) -> Bool {
        isLowercase(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isLowercaseOrDigit(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }

    private static func isLabel(_ bytes: Substring.UTF8View) -> Bool {
        guard let first = bytes.first, let last = bytes.last else { return false }
        return isLowercaseOrDigit(first) && isLowercaseOrDigit(last)
            && bytes.allSatisfy { isLowercaseOrDigit($0) || $0 == hyphen }
    }

    private static func isSubdomain(_ text: String) -> Bool {
        text.utf8[...].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy(isLabel)
    }

    private static func isQualified(_ bytes: Substring.UTF8View) -> Bool {
        guard let first = bytes.first, let last = bytes.last else { return false }
        return isAlphanumeric(first) && isAlphanumeric(last) && bytes.allSatisfy(Words.isNameByte)
    }

    private static func hasTwoHyphens(_ text: String) -> Bool {
        var before: UInt8 = 0
        for byte in text.utf8 {
            if byte == hyphen, before == hyphen { return true }
            before = byte
        }
        return false
    }
}
