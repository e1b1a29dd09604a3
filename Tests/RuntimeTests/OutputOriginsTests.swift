import TestSupport
import Testing

@testable import Runtime

/// Which parts of a log are standard error.
@Suite("the origins of output")
struct OutputOriginsTests {
    @Test("every byte is told of the origin that it was written with, and its run's end is right")
    func everyByte() {
        let seed: UInt64 = 11
        var generator = SeededGenerator(seed: seed)
        for round in 0..<200 {
            var origins = OutputOrigins()
            var expected: [Bool] = []
            for _ in 0..<Int.random(in: 0...30, using: &generator) {
                let isError = Bool.random(using: &generator)
                origins.append(isError: isError, at: Int64(expected.count))
                expected += Array(repeating: isError, count: Int.random(in: 1...5, using: &generator))
            }
            for (place, isError) in expected.enumerated() {
                let end = expected[place...].firstIndex { $0 != isError } ?? expected.count
                let found = origins.origin(of: Int64(place), length: Int64(expected.count))
                #expect(found == (isError, Int64(end)), "seed \(seed), round \(round), byte \(place)")
            }
        }
    }

    @Test("at the end of the log there is nothing to read")
    func atTheEnd() {
        var origins = OutputOrigins()
        #expect(origins.origin(of: 0, length: 0) == (false, 0))
        origins.append(isError: true, at: 0)
        #expect(origins.origin(of: 5, length: 5) == (true, 5))
    }

    @Test("a program that changes streams for ever takes no more memory, and its latest output is told apart")
    func bounded() {
        var origins = OutputOrigins()
        let count = Int64(OutputOrigins.capacity) * 3
        for place in 0..<count { origins.append(isError: place % 2 == 1, at: place) }
        for place in (count - 100)..<count {
            #expect(origins.origin(of: place, length: count) == (place % 2 == 1, place + 1))
        }
        #expect(origins.remembered <= OutputOrigins.capacity)
        #expect(origins.origin(of: 0, length: count).isError == false)
    }
}
