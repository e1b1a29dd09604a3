/// Points in time as the API writes them (RFC 3339).
enum TimestampSyntax {
    /// Why a text is no time, in the words of Go's package time, or nil.
    static func fault(in text: String) -> String? {
        var rest = text.utf8[...]
        func fault(_ element: String) -> String {
            "parsing time \"\(text.prefix(80))\" as \"2006-01-02T15:04:05Z07:00\": cannot parse "
                + "\"\(String(decoding: rest.prefix(80), as: UTF8.self))\" as \"\(element)\""
        }
        var numbers: [Int] = []
        for element in ["2006", "-", "01", "-", "02", "T", "15", ":", "04", ":", "05"] {
            if element.utf8.count == 1 {
                guard rest.first == element.utf8.first else { return fault(element) }
                rest.removeFirst()
            } else {
                guard let number = takeNumber(&rest, digits: element.utf8.count) else { return fault(element) }
                numbers.append(number)
            }
        }
        if rest.first == UInt8(ascii: ".") {
            let fraction = rest.dropFirst().prefix { (0x30...0x39).contains($0) }
            guard !fraction.isEmpty else { return fault("Z07:00") }
            rest = rest.dropFirst(1 + fraction.count)
        }
        guard takeZone(&rest) else { return fault("Z07:00") }
        guard rest.isEmpty else {
            return "parsing time \"\(text.prefix(80))\": extra text: "
                + "\"\(String(decoding: rest.prefix(80), as: UTF8.self))\""
        }
        return outOfRange(numbers).map { "parsing time \"\(text)\": \($0) out of range" }
    }

    private static func takeNumber(_ rest: inout Substring.UTF8View, digits: Int) -> Int? {
        let taken = rest.prefix(digits)
        guard taken.count == digits, taken.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        rest = rest.dropFirst(digits)
        return taken.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    private static func takeZone(_ rest: inout Substring.UTF8View) -> Bool {
        guard let sign = rest.popFirst() else { return false }
        if sign == UInt8(ascii: "Z") { return true }
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), let hours = takeNumber(&rest, digits: 2),
            rest.popFirst() == UInt8(ascii: ":"), let minutes = takeNumber(&rest, digits: 2)
        else { return false }
        return hours <= 24 && minutes < 60
    }

    private static func outOfRange(_ numbers: [Int]) -> String? {
        let (year, month, day) = (numbers[0], numbers[1], numbers[2])
        guard (1...12).contains(month) else { return "month" }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard (1...days[month - 1]).contains(day) else { return "day" }
        if numbers[3] > 23 { return "hour" }
        if numbers[4] > 59 { return "minute" }
        return numbers[5] > 59 ? "second" : nil
    }
}
