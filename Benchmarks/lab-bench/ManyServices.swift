import KubernetesModel

/// Services, each with three endpoints in a slice of its own, as one manifest. The endpoints are spread over as many nodes as
/// a cluster of their number has, at 250 pods a node.
struct ManyServices {
    let count: Int
    static let endpoints = 3
    private static let podsOnNode = 250

    private func node(_ number: Int, _ place: Int) -> String {
        let nodes = max(2, count * Self.endpoints / Self.podsOnNode)
        return "node\((number * Self.endpoints + place) % nodes + 1)"
    }

    /// YAML documents.
    var yaml: String {
        (0..<count).map { number in
            let endpoints = (0..<Self.endpoints).map { place in
                "- addresses: [\(Self.address(number, place))]\n  conditions: {ready: true}\n  nodeName: \(node(number, place))\n"
            }
            return """
                apiVersion: v1
                kind: Service
                metadata:
                  name: service-\(number)
                  labels:
                    app: app-\(number)
                spec:
                  ports:
                  - name: http
                    port: 80
                    targetPort: 8080
                ---
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata:
                  name: service-\(number)-1
                  labels:
                    kubernetes.io/service-name: service-\(number)
                addressType: IPv4
                ports:
                - name: http
                  port: 8080
                endpoints:
                \(endpoints.joined())---

                """
        }.joined()
    }

    /// The same as a List in JSON, as `kubectl get -o json` prints one.
    var json: String {
        let items = (0..<count).map { number in
            let endpoints = (0..<Self.endpoints).map { place in
                "{\"addresses\":[\"\(Self.address(number, place))\"],\"conditions\":{\"ready\":true},"
                    + "\"nodeName\":\"\(node(number, place))\"}"
            }
            return """
                {"apiVersion":"v1","kind":"Service","metadata":{"name":"service-\(number)","labels":{"app":"app-\(number)"}},\
                "spec":{"ports":[{"name":"http","port":80,"targetPort":8080}]}},
                {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","metadata":{"name":"service-\(number)-1",\
                "labels":{"kubernetes.io/service-name":"service-\(number)"}},"addressType":"IPv4",\
                "ports":[{"name":"http","port":8080}],"endpoints":[\(endpoints.joined(separator: ","))]}
                """
        }
        return "{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[\n\(items.joined(separator: ",\n"))\n]}\n"
    }

    /// The objects as a registry would have them: with the Services' addresses.
    func objects() throws -> (services: [APIObject], slices: [APIObject]) {
        let list = try JSONValue(parsing: Array(json.utf8))
        let objects = (list["items"]?.array ?? []).map { APIObject($0) }
        let services = objects.filter { $0.kind == "Service" }.enumerated().map { number, object in
            var object = object
            object.namespace = "default"
            object["spec", "clusterIP"] = .string("10.97.\(number / 256).\(number % 256)")
            object["spec", "clusterIPs"] = [object["spec", "clusterIP"] ?? .null]
            return object
        }
        let slices = objects.filter { $0.kind == "EndpointSlice" }.map { object in
            var object = object
            object.namespace = "default"
            return object
        }
        return (services, slices)
    }

    private static func address(_ number: Int, _ place: Int) -> String {
        let host = number * endpoints + place + 1
        return "10.\(200 + host / 65_536).\(host / 256 % 256).\(host % 256)"
    }
}
