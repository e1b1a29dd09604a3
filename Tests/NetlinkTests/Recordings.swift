import Foundation
import Testing

/// Bytes that were recorded between iproute2 and the kernel.
enum Recording {
    /// What ip(8) and bridge(8) sent, by a short name.
    static func request(_ name: String) throws -> [UInt8] {
        try #require(try lines("requests").first { $0.name == name }, "\(name) was not recorded").bytes
    }

    /// The datagrams that the kernel answered with.
    static func answer(_ name: String) throws -> [[UInt8]] {
        let datagrams = try lines("dumps").filter { $0.name == name }.map(\.bytes)
        try #require(!datagrams.isEmpty, "\(name) was not recorded")
        return datagrams
    }

    private static func lines(_ file: String) throws -> [(name: String, bytes: [UInt8])] {
        let url = Bundle.module.bundleURL.appending(path: "Recordings/\(file).hex")
        return try String(contentsOf: url, encoding: .utf8).split(separator: "\n").filter { !$0.hasPrefix("#") }.map {
            line in
            let words = line.split(separator: " ")
            let digits = Array(try #require(words.last).utf8)
            let bytes = try stride(from: 0, to: digits.count, by: 2).map { place in
                try #require(UInt8(String(decoding: digits[place..<place + 2], as: UTF8.self), radix: 16))
            }
            return (String(words[0]), bytes)
        }
    }
}
