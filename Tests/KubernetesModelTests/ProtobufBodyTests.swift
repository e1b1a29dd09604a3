import TestSupport
import Testing

@testable import KubernetesModel

@Suite("Bodies in protobuf")
struct ProtobufBodyTests {
    /// What kubectl 1.32 sends for `kubectl create service nodeport n --tcp=81:web --node-port=30181`.
    private static let service = bytes(
        """
        6b387300 0a0d0a027631120753657276696365 1265 0a1b0a016e12001a0022002a00320038004200
        5a080a03617070 12016e 1242 0a1e0a0638312d776562120354435018512209080110001a0377656228e5eb01
        12080a0361707012016e1a00 22084e6f6465506f72743a00420052005a0060006800 1a020a00 1a002200
        """)

    private static func bytes(_ hexadecimal: String) -> [UInt8] {
        let digits = hexadecimal.compactMap { $0.hexDigitValue.map(UInt8.init) }
        return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    @Test("a Service as kubectl create sends it is the same as in JSON")
    func kubectlService() throws {
        let expected = try JSONValue(
            parsing: #"""
                {"apiVersion":"v1","kind":"Service","metadata":{"name":"n","labels":{"app":"n"}},
                "spec":{"ports":[{"name":"81-web","protocol":"TCP","port":81,"targetPort":"web","nodePort":30181}],
                "selector":{"app":"n"},"type":"NodePort"}}
                """#)
        #expect(try ProtobufBody.decode(Self.service) == expected)
    }

    @Test("bytes of a Secret become base64", arguments: [("", ""), ("a", "YQ=="), ("ab", "YWI="), ("abc", "YWJj")])
    func secret(_ text: String, _ base64: String) throws {
        func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] { [number << 3 | 2, UInt8(bytes.count)] + bytes }
        let entry = field(1, Array("k".utf8)) + field(2, Array(text.utf8))
        let type = field(1, Array("v1".utf8)) + field(2, Array("Secret".utf8))
        let body = [0x6b, 0x38, 0x73, 0] + field(1, type) + field(2, field(2, entry))
        #expect(try ProtobufBody.decode(body)["data"] == ["k": .string(base64)])
    }

    @Test("a body that is none is 400, and a kind or field that is not read 415")
    func refusals() {
        func code(_ body: [UInt8]) -> Int? {
            do throws(APIStatus) {
                _ = try ProtobufBody.decode(body)
                return nil
            } catch { return error.code }
        }
        #expect(code(Array("{}".utf8)) == 400)
        #expect(code([0x6b, 0x38, 0x73, 0]) == 415)
        #expect(code(Self.service.dropLast(5)) == 400)
        let node = Self.bytes("6b387300 0a0a0a0276311204 4e6f6465 1200")
        #expect(code(node) == 415)
        // Field 6 of the spec of a Service there was once.
        let unknown = Self.bytes("6b387300 0a0d0a027631120753657276696365 1205 1203 320161")
        #expect(code(unknown) == 415)
    }

    @Test("whatever comes is read or refused", arguments: [UInt64(1), 2, 3, 4])
    func hostile(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<2000 {
            var body = Self.service
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let place = Int.random(in: 4..<body.count, using: &generator)
                body[place] = UInt8.random(in: 0...255, using: &generator)
            }
            if Bool.random(using: &generator) { body.removeLast(Int.random(in: 0...40, using: &generator)) }
            guard let value = try? ProtobufBody.decode(body) else { continue }
            // What was read is a tree that JSON can say.
            #expect((try? JSONValue(parsing: value.text)) == value, "seed \(seed): \(body)")
        }
    }
}
