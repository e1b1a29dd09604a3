internal import Addressing

extension AttributeWriter {
    /// A value as it lies in a register, without padding.
    mutating func write(_ value: Value) {
        switch value {
        case .address(let address): write(address)
        case .prefix(let block): write(block.network)
        case .transportProtocol(let number): write(number)
        case .port(let port): write(port.bigEndian)
        case .mark(let mark): write(mark)
        case .addressType(let type): write(type.number)
        case .connectionState(let state): write(state.rawValue)
        case .connectionStatus(let status): write(status.rawValue)
        case .interface(let name):
            let start = count
            write(name)
            while count - start < DataType.interfaceName.length { write(UInt8(0)) }
        }
    }

    /// An address in network order.
    mutating func write(_ address: IPAddress) {
        switch address {
        case .v4(let address): write(address.rawValue.bigEndian)
        case .v6(let address): write(address.rawValue.bigEndian)
        }
    }

    /// A key or datum: a single value as it is, the fields of a concatenation padded to four bytes.
    mutating func write(_ values: [Value]) {
        for value in values { write(value, isAlone: values.count == 1) }
    }

    /// The last key of a range: of blocks, the last address.
    mutating func write(lastOf values: [Value]) {
        for value in values { write(value.last, isAlone: values.count == 1) }
    }

    private mutating func write(_ value: Value, isAlone: Bool) {
        let start = count
        write(value)
        if !isAlone { pad(from: start) }
    }
}

extension Value {
    /// The last value of a block; other values are single.
    var last: Value {
        if case .prefix(let block) = self { .address(block.last) } else { self }
    }

    /// The value behind this one; nil where there is none.
    var next: Value? {
        switch self {
        case .address(let address): address.advanced(by: 1).map(Value.address)
        case .prefix(let block): block.last.advanced(by: 1).map(Value.address)
        case .transportProtocol(let number): number == .max ? nil : .transportProtocol(number + 1)
        case .port(let port): port == .max ? nil : .port(port + 1)
        case .mark, .addressType, .connectionState, .connectionStatus, .interface: nil
        }
    }
}

extension Value {
    /// The value as it lies in a register, without padding.
    var bytes: [UInt8] { [self].bytes }
}

extension [Value] {
    /// A key or datum as it lies in registers: a single value as it is, the fields of a concatenation padded to four bytes.
    var bytes: [UInt8] {
        let largest = reduce(0) { $0 + $1.type.paddedLength }
        return [UInt8](unsafeUninitializedCapacity: largest) { memory, count in
            var writer = AttributeWriter(UnsafeMutableRawBufferPointer(memory))
            writer.write(self)
            count = writer.count
        }
    }
}
