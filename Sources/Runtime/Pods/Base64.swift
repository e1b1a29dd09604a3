internal import FoundationEssentials

/// The encoding of bytes in Secrets (RFC 4648, section 4).
enum Base64 {
    /// The text that was encoded; nil where it is no base64 or no UTF-8.
    @Sendable static func text(_ encoded: String) -> String? {
        Data(base64Encoded: encoded, options: .ignoreUnknownCharacters).flatMap {
            String(validating: $0, as: UTF8.self)
        }
    }
}
