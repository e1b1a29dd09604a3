import Addressing
public import DNSMessage
import Topology

/// A step that has a host outside the cluster answer for names until the case ends, and the cluster's DNS ask it.
public struct NameServerStep: Hashable, Sendable {
    /// The host.
    public var host: ParticipantSelector
    /// The domains that the DNS asks it about (stub domains); empty: all that is outside the cluster.
    public var domains: [String]
    /// The records that it has. Whatever else it is asked for does not exist.
    public var records: [ResourceRecord]
    /// Where the step stands in its file.
    public var keyPath: String
}

extension CaseFile {
    func nameServer(_ step: TableReader) -> CaseStep? {
        guard let table = step.table("name-server") else { return nil }
        table.refuseUnknownKeys(besides: ["on", "domains", "records"], in: "a name server")
        guard let host = table.required("on", remedy: "name the host, such as \"host/{host.1}\"") else { return nil }
        guard let selector = ParticipantSelector(host.value), case .host = selector else {
            reader.refuse(host.source, "\(Shown.quoted(host.value)) is no host", remedy: "write \"host/{host.1}\"")
            return nil
        }
        var records: [ResourceRecord] = []
        for text in table.strings("records") ?? [] {
            if let record = ResourceRecord(fixture: text.value) {
                records.append(record)
            } else {
                reader.refuse(
                    text.source, "\(Shown.quoted(text.value)) is no record",
                    remedy: "write a name, A, AAAA, CNAME or PTR, and an address or a name")
            }
        }
        if records.isEmpty, reader.diagnostics.isEmpty {
            reader.refuse(table.value, "has no records", remedy: "write records = [\"www.test A 198.51.100.1\"]")
        }
        return .nameServer(
            NameServerStep(
                host: selector, domains: (table.strings("domains") ?? []).map(\.value), records: records,
                keyPath: step.value.path.description))
    }
}

extension ResourceRecord {
    /// Reads `www.test A 198.51.100.1`.
    fileprivate init?(fixture text: String) {
        let words = text.split(separator: " ")
        guard words.count == 3, let name = DomainName(words[0]) else { return nil }
        let data: RecordData? =
            switch words[1] {
            case "A": IPv4Address(words[2]).map { .a($0) }
            case "AAAA": IPv6Address(words[2]).map { .aaaa($0) }
            case "CNAME": DomainName(words[2]).map { .cname($0) }
            case "PTR": DomainName(words[2]).map { .ptr($0) }
            default: nil
            }
        guard let data else { return nil }
        self.init(name, timeToLive: 30, data)
    }
}
