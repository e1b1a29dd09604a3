internal import CLinux
internal import Netlink

/// A question to nftables: a type of message and the attributes that say what is asked for.
struct NftablesQuestion {
    let type: UInt16
    let family: UInt16
    /// Attributes of strings, by their types.
    let attributes: [(type: Int, text: String)]

    init(_ type: UInt16, _ family: UInt16 = UInt16(NFPROTO_UNSPEC), _ attributes: [(type: Int, text: String)] = []) {
        self.type = type
        self.family = family
        self.attributes = attributes
    }

    /// The message, with nftables' header in front of the attributes.
    func message(flags: UInt16, sequence: UInt32) -> [UInt8] {
        let capacity = attributes.reduce(256) { $0 + $1.text.utf8.count + 8 }
        var buffer = [UInt8](repeating: 0, count: capacity)
        let length = buffer.withUnsafeMutableBytes { bytes -> Int in
            guard let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self),
                let header = nftnl_nlmsg_build_hdr(start, type, family, flags, sequence)
            else { return 0 }
            let written = Int(header.pointee.nlmsg_len)
            var writer = AttributeWriter(UnsafeMutableRawBufferPointer(rebasing: bytes[written...]))
            for attribute in attributes { writer.attribute(attribute.type, attribute.text) }
            header.pointee.nlmsg_len += UInt32(writer.count)
            return written + writer.count
        }
        return Array(buffer[..<length])
    }
}

extension NftablesHandle {
    private static var readAttempts: Int { 10 }

    /// Reads with `body`, again where it was interrupted, and where a transaction was committed meanwhile: of dumps of
    /// elements, the kernel does not say that they were interrupted (NLM_F_DUMP_INTR).
    func undisturbed<Value>(_ body: () throws(NftablesError) -> Value) throws(NftablesError) -> Value {
        let interrupted = NftablesError.netlink(NetlinkError(.interrupted))
        for _ in 0..<Self.readAttempts {
            let generation = try generation()
            do throws(NftablesError) {
                let value = try body()
                if try self.generation() == generation { return value }
            } catch {
                guard error == interrupted else { throw error }
            }
        }
        throw interrupted
    }

    /// Reads all that a question asks for; nil where what it asks about does not exist. Only `undisturbed` gives a whole.
    func dump<Entry>(
        _ question: NftablesQuestion, _ parse: (ReceivedMessage, inout [Entry]) -> Void
    ) throws(NftablesError) -> [Entry]? {
        do throws(NetlinkError) {
            var entries: [Entry] = []
            let exists = try converse(question, flags: NftablesConstants.dump) { parse($0, &entries) }
            return exists ? entries : nil
        } catch {
            throw .netlink(error)
        }
    }

    /// Sends a question and takes the answers to their end; false where what it asks about does not exist.
    private func converse(
        _ question: NftablesQuestion, flags: UInt16, _ parse: (ReceivedMessage) -> Void
    ) throws(NetlinkError) -> Bool {
        sequence &+= 1
        try socket.send(question.message(flags: flags, sequence: sequence))
        while true {
            for message in ReceivedMessage.split(try socket.receive()) where message.sequence == sequence {
                switch message.type {
                case NftablesConstants.done, NftablesConstants.error:
                    // Both begin with an errno, below zero; a dump can also fail at its end (netlink(7)).
                    let result = message.payload.load(Int32.self) ?? -EPROTO
                    if result == -ENOENT { return false }
                    guard result == 0 else { throw NetlinkError(.refused(errno: 0 &- result)) }
                    return true
                default: parse(message)
                }
            }
        }
    }

    /// Asks for one thing, and gives what `parse` makes of the answer; nil where it does not exist.
    func ask<Answer>(
        _ question: NftablesQuestion, _ parse: (ReceivedMessage) -> Answer?
    ) throws(NftablesError) -> Answer? {
        var answer: Answer?
        do throws(NetlinkError) {
            let flags = NftablesConstants.acknowledge
            guard try converse(question, flags: flags, { answer = parse($0) ?? answer }) else { return nil }
        } catch {
            throw .netlink(error)
        }
        guard let answer else { throw .netlink(NetlinkError(.malformed)) }
        return answer
    }
}

extension ReceivedMessage {
    /// The attributes of an nftables message of a type about a family; nil for any other message.
    func attributes(_ type: UInt16, _ family: TableFamily) -> Attributes? {
        guard self.type == UInt16(NFNL_SUBSYS_NFTABLES) << 8 | type, let header = payload.load(nfgenmsg.self),
            UInt16(header.nfgen_family) == family.number
        else { return nil }
        return attributes(after: nfgenmsg.self)
    }
}
