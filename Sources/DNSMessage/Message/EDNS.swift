/// What the OPT pseudo-record of a message says (RFC 6891). The high bits of its response code are in the message's.
public struct EDNS: Hashable, Sendable {
    /// The largest UDP payload that the sender takes, in bytes. Values below 512 mean 512.
    public var payloadSize: UInt16
    /// The version; 0 is the only one.
    public var version: UInt8
    /// Whether the sender wants DNSSEC's records (the DO bit, RFC 3225).
    public var wantsDNSSEC: Bool
    /// The options in their order.
    public var options: [Option]

    /// An option.
    public struct Option: Hashable, Sendable {
        /// The code (IANA, DNS EDNS0 option codes).
        public var code: UInt16
        /// The contents.
        public var data: [UInt8]

        /// Makes an option.
        public init(code: UInt16, data: [UInt8]) {
            self.code = code
            self.data = data
        }
    }

    /// Makes an OPT record's contents.
    public init(payloadSize: UInt16, version: UInt8 = 0, wantsDNSSEC: Bool = false, options: [Option] = []) {
        self.payloadSize = payloadSize
        self.version = version
        self.wantsDNSSEC = wantsDNSSEC
        self.options = options
    }
}
