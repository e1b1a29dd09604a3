import KubernetesModel
import NIOCore
import NIOHTTP1
import NIOWebSocket
import TestSupport
import Testing

@testable import ControlPlane

@Suite("Reading requests")
struct RequestParsingTests {
    @Test("parameters are decoded, and flags are read as the API server reads them")
    func query() {
        let query = Query(parsing: "a=1%2C2&b=x+y&a=3&watch&off=false&zero=0&empty=&=v&bad=%zz")
        #expect(query["a"] == "1,2")
        #expect(query.all("a") == ["1,2", "3"])
        #expect(query["b"] == "x y")
        #expect(query.flag("watch") && query.flag("empty") && !query.flag("off") && !query.flag("zero"))
        #expect(!query.flag("none") && !query.has("empty"))
        #expect(query["bad"] == "%zz")
    }

    @Test("paths mean collections, objects and parts")
    func paths() throws {
        func target(_ path: String) throws -> ResourceTarget? {
            try ResourceTarget(path.split(separator: "/").map(String.init))
        }
        #expect(try target("/api/v1/pods")?.namespace == nil)
        #expect(try target("/api/v1/namespaces/a/pods/b/log")?.subresource == "log")
        #expect(try target("/api/v1/namespaces/a")?.key == ObjectKey(.namespaces, name: "a"))
        #expect(try target("/api/v1/namespaces/a/finalize")?.type == .namespaces)
        #expect(try target("/apis/apps/v1/namespaces/a/deployments/b/scale")?.type == .deployments)
        #expect(try target("/api/v1") == nil)
        #expect(try target("/apis/apps/v1/pods") == nil)
        for path in [
            "/api/v1/pods/b", "/api/v1/namespaces/a/pods/b/none", "/api/v1/namespaces/a/pods/b/log/c",
            "/api/v1/nodes/a/b/c/d/e/f",
        ] {
            #expect(throws: APIStatus.self, "\(path)") { try target(path) }
        }
    }

    @Test("the manager of fields is what the client says, or its program's name")
    func manager() throws {
        func manager(_ target: String, _ agent: String?) throws -> String {
            var headers = HTTPHeaders()
            if let agent { headers.add(name: "User-Agent", value: agent) }
            let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: target, headers: headers)
            return try APIRequest(head, body: [], user: .admin).fieldManager
        }
        #expect(try manager("/api?fieldManager=me", "kubectl/v1") == "me")
        #expect(try manager("/api", "kubectl/v1.32 (linux/amd64)") == "kubectl")
        #expect(try manager("/api", nil) == "unknown")
    }

    @Test(
        "made-up targets, types, tokens and frames are read or refused, and nothing else", arguments: [UInt64(11), 12])
    func fuzz(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let alphabet = Array(
            "/api/v1/namespaces/pods?&=%2fC,;+ .\u{e4}\u{0}\"\\watch=true;q=0.5;as=Table;g=meta.k8s.io")
        for round in 0..<1000 {
            let text = String(
                (0..<Int.random(in: 0...60, using: &random)).compactMap { _ in
                    alphabet.randomElement(using: &random)
                })
            let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: text)
            if let request = try? APIRequest(head, body: [], user: .admin) {
                if let target = (try? ResourceTarget(request.path)) ?? nil {
                    #expect(ResourceType.all.contains(target.type), "seed \(seed), round \(round)")
                    _ = try? ListOptions(request.query, target)
                }
            }
            _ = try? Representation(accept: [text])
            _ = try? ResourceTarget(["api", "v1"] + text.split(separator: "/").map(String.init))

            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes, "seed \(seed), round \(round)")
            _ = Base64URL.decode(text)

            var reader = ChannelReader(round % 2 == 0 ? "v5.channel.k8s.io" : "v4.channel.k8s.io")
            for _ in 0..<4 {
                let opcodes: [WebSocketOpcode] = [.binary, .text, .continuation, .ping, .connectionClose, .pong]
                let frame = WebSocketFrame(
                    fin: Bool.random(using: &random), opcode: opcodes.randomElement(using: &random) ?? .binary,
                    data: ByteBuffer(bytes: bytes))
                if case .bytes(_, let data, _, _)? = reader.read(frame) {
                    #expect(data.readableBytes <= bytes.count, "seed \(seed), round \(round)")
                }
            }
        }
    }
}
