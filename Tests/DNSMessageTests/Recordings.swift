import Foundation
import Testing

/// Messages that were recorded between dig and packaged servers.
enum Recording {
    /// What was asked, by a short name.
    static func query(_ name: String) throws -> [UInt8] { try bytes(name, "query") }

    /// What was answered.
    static func answer(_ name: String) throws -> [UInt8] { try bytes(name, "answer") }

    /// Everything.
    static func all() throws -> [(name: String, bytes: [UInt8])] {
        try lines().map { ("\($0.name) \($0.kind)", $0.bytes) }
    }

    private static func bytes(_ name: String, _ kind: String) throws -> [UInt8] {
        try #require(try lines().first { $0.name == name && $0.kind == kind }, "\(name) was not recorded").bytes
    }

    private static func lines() throws -> [(name: String, kind: String, bytes: [UInt8])] {
        let url = Bundle.module.bundleURL.appending(path: "Recordings/messages.hex")
        return try String(contentsOf: url, encoding: .utf8).split(separator: "\n").filter { !$0.hasPrefix("#") }.map {
            line in
            let words = line.split(separator: " ")
            let digits = Array(try #require(words.last).utf8)
            let bytes = try stride(from: 0, to: digits.count, by: 2).map { place in
                try #require(UInt8(String(decoding: digits[place..<place + 2], as: UTF8.self), radix: 16))
            }
            return (String(words[0]), String(words[1]), bytes)
        }
    }
}
