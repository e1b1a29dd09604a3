internal import KubernetesModel

/// The OpenAPI document (version 2) that kubectl before 1.31 asks for: which kinds take which parameters, and no schemas,
/// without which it leaves validation to the server and merges by the rules that are built into it.
enum OpenAPIVersion2 {
    /// The document as JSON.
    static var json: JSONValue {
        var paths: [String: JSONValue] = [:]
        for operations in ResourceType.all.map(OpenAPIOperations.init) {
            paths[operations.objectPath] = [
                "patch": [
                    "x-kubernetes-action": "patch", "x-kubernetes-group-version-kind": operations.kind,
                    "parameters": .array(
                        OpenAPIOperations.writeParameters.map { name in
                            ["name": .string(name), "in": "query", "type": name == "force" ? "boolean" : "string"]
                        }), "responses": ["200": ["description": "OK"]],
                ]
            ]
        }
        return [
            "swagger": "2.0", "info": ["title": "Kubernetes", "version": "v1.32.0"], "paths": .object(paths),
            "definitions": [:],
        ]
    }

    /// The document as protobuf (gnostic's openapi.v2.Document).
    static var protobuf: [UInt8] {
        var document = Protobuf()
        document.add(1, "2.0")
        document.add(2) { info in
            info.add(1, "Kubernetes")
            info.add(2, "v1.32.0")
        }
        document.add(8) { paths in
            for operations in ResourceType.all.map(OpenAPIOperations.init) {
                paths.add(2) { named in
                    named.add(1, operations.objectPath)
                    named.add(2) { item in item.add(8) { add(operations, to: &$0) } }
                }
            }
        }
        return document.bytes
    }

    /// Adds an Operation for patches.
    private static func add(_ operations: OpenAPIOperations, to operation: inout Protobuf) {
        for name in OpenAPIOperations.writeParameters {
            operation.add(8) { item in
                item.add(1) { parameter in
                    parameter.add(2) { nonBody in
                        nonBody.add(3) { query in
                            query.add(2, "query")
                            query.add(4, name)
                            query.add(6, name == "force" ? "boolean" : "string")
                        }
                    }
                }
            }
        }
        operation.add(9) { responses in
            responses.add(1) { code in
                code.add(1, "200")
                code.add(2) { value in value.add(1) { $0.add(1, "OK") } }
            }
        }
        operation.add(13) { named in
            named.add(1, "x-kubernetes-group-version-kind")
            // Any with its YAML, as which JSON counts too.
            named.add(2) { $0.add(2, operations.kind.text) }
        }
    }
}

/// Writes protobuf messages: strings and messages in messages.
struct Protobuf {
    private(set) var bytes: [UInt8] = []

    /// A field with a text.
    mutating func add(_ field: UInt32, _ text: String) { add(field, Array(text.utf8)) }

    /// A field with a message.
    mutating func add(_ field: UInt32, _ write: (inout Protobuf) -> Void) {
        var message = Protobuf()
        write(&message)
        add(field, message.bytes)
    }

    private mutating func add(_ field: UInt32, _ content: [UInt8]) {
        addNumber(field << 3 | 2)
        addNumber(UInt32(content.count))
        bytes.append(contentsOf: content)
    }

    private mutating func addNumber(_ number: UInt32) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7f) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
