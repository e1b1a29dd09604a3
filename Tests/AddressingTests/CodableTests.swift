import Addressing
import FoundationEssentials
import Testing

@Suite("Addresses in files")
struct CodableTests {
    private struct Document: Codable, Equatable {
        var address: IPAddress
        var other: IPAddress
        var block: CIDR
        var interface: InterfaceAddress
        var station: MACAddress
    }

    @Test("every kind is its text form in JSON, both ways")
    func text() throws {
        let json = """
            {"address":"10.244.1.5","block":"fd00:10:244::/56","interface":"10.244.1.5/24","other":"fd00::5",\
            "station":"0a:58:0a:f4:01:05"}
            """
        let document = try JSONDecoder().decode(Document.self, from: Data(json.utf8))
        #expect(document.address == IPAddress("10.244.1.5"))
        #expect(document.block == CIDR("fd00:10:244::/56"))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        #expect(String(decoding: try encoder.encode(document), as: UTF8.self) == json)
    }

    @Test("a text that is none is an error that quotes it and names the kind")
    func refusals() throws {
        func message<Value: Decodable>(_ type: Value.Type, _ text: String) -> String? {
            do {
                _ = try JSONDecoder().decode([Value].self, from: Data("[\"\(text)\"]".utf8))
                return nil
            } catch DecodingError.dataCorrupted(let context) {
                return context.debugDescription
            } catch {
                return "\(error)"
            }
        }
        #expect(message(IPAddress.self, "10.0.0.01") == "'10.0.0.01' is not a valid IPAddress")
        #expect(message(CIDR.self, "10.0.0.1/8") == "'10.0.0.1/8' is not a valid CIDR")
        #expect(message(InterfaceAddress.self, "10.0.0.1") == "'10.0.0.1' is not a valid InterfaceAddress")
        #expect(message(MACAddress.self, "0a:58") == "'0a:58' is not a valid MACAddress")
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([CIDR].self, from: Data("[8]".utf8)) }
    }
}
