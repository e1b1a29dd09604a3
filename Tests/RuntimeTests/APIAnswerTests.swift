import CLinux
import Glibc
import Testing

@testable import Runtime

@Suite("Answers of a lab's API")
struct APIAnswerTests {
    /// The answer of a server that sends these bytes in pieces of a size and ends the connection.
    private static func answer(_ text: String, pieces size: Int = 1) throws -> APIAnswer {
        var sockets: [Int32] = [0, 0]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &sockets) == 0 else {
            throw StateError("open", "a pair of sockets", errno: errno)
        }
        // All of it fits in the socket's buffer. Datagrams would keep the pieces apart; a stream may not.
        let server = UnixConnection(descriptor: sockets[1])
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            try server.write(Array(bytes[start..<min(bytes.count, start + size)]))
        }
        shutdown(server.descriptor, Int32(SHUT_WR))
        return try APIAnswer(UnixConnection(descriptor: sockets[0]))
    }

    private static func body(_ text: String) throws -> String {
        String(decoding: try answer(text).rest(), as: UTF8.self)
    }

    @Test("are read whole, however their end is told")
    func framings() throws {
        #expect(try Self.body("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloxxx") == "hello")
        #expect(try Self.body("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") == "")
        #expect(try Self.body("HTTP/1.1 200 OK\r\n\r\nhello") == "hello")
        let chunks =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1;x=y\r\n \r\nA\r\n0123456789\r\n0\r\n\r\n"
        #expect(try Self.body(chunks) == "hello 0123456789")
        #expect(try Self.answer("HTTP/1.1 404 Not Found\r\n\r\n").code == 404)
    }

    @Test("give their lines one by one, the last one without an end too")
    func lines() throws {
        let answer = try Self.answer(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\na\nbc\r\n3\r\nd\n\n\r\n1\r\ne\r\n0\r\n\r\n")
        var lines: [String] = []
        while let line = try answer.nextLine() { lines.append(String(decoding: line, as: UTF8.self)) }
        #expect(lines == ["a", "bcd", "", "e"])
    }

    @Test("tell the server's warnings")
    func warnings() throws {
        let head =
            "HTTP/1.1 200 OK\r\nWarning: 299 - \"unknown field \\\"spec.foo\\\"\"\r\nwarning: 299 - \"two\"\r\n\r\n"
        #expect(try Self.answer(head).warnings == ["unknown field \"spec.foo\"", "two"])
    }

    @Test(
        "that are cut off or no HTTP are errors, and no end is taken for the end",
        arguments: [
            "", "HTTP/1.1 200 OK\r\n", "nonsense\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhell",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nhello\r\n",
        ])
    func broken(text: String) {
        #expect(throws: StateError.self) { try Self.body(text) }
    }

    @Test("are asked for with everything encoded that a path or query cannot have")
    func encoding() {
        #expect(APIClient.encoded("a-b_c.d~E9") == "a-b_c.d~E9")
        #expect(APIClient.encoded("app in (a,b)/é\r\n") == "app%20in%20%28a%2Cb%29%2F%C3%A9%0D%0A")
    }
}
