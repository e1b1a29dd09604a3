import KubernetesModel
import Testing

@Suite("Decoding objects")
struct DecodingTests {
    private func refusal(_ type: ResourceType, _ text: String) throws -> String {
        let value = try JSONValue(parsing: text)
        let status = #expect(throws: APIStatus.self) { try type.decode(value) }
        #expect(status?.code == 400)
        #expect(status?.reason == "BadRequest")
        return status?.message ?? ""
    }

    @Test(
        "a value of the wrong type is named with its struct, its field and the type it should be of",
        arguments: [
            (
                ResourceType.services, #"{"spec":{"ports":"80"}}"#,
                "cannot unmarshal string into Go struct field ServiceSpec.spec.ports of type []v1.ServicePort"
            ),
            (
                .services, #"{"spec":{"ports":[{"port":"80"}]}}"#,
                "cannot unmarshal string into Go struct field ServicePort.spec.ports.port of type int32"
            ),
            (
                .services, #"{"spec":{"ports":[{"port":80.5}]}}"#,
                "cannot unmarshal number 80.5 into Go struct field ServicePort.spec.ports.port of type int32"
            ),
            (
                .services, #"{"spec":{"ports":[{"port":3000000000}]}}"#,
                "cannot unmarshal number 3000000000 into Go struct field ServicePort.spec.ports.port of type int32"
            ),
            (
                .services, #"{"spec":{"type":7}}"#,
                "cannot unmarshal number into Go struct field ServiceSpec.spec.type of type v1.ServiceType"
            ),
            (
                .services, #"{"spec":{"selector":{"app":1}}}"#,
                "cannot unmarshal number into Go struct field ServiceSpec.spec.selector of type string"
            ),
            (
                .services, #"{"spec":{"ports":[{"targetPort":{}}]}}"#,
                "cannot unmarshal object into Go value of type int32"
            ),
            (
                .services, #"{"metadata":{"labels":["a"]}}"#,
                "cannot unmarshal array into Go struct field ObjectMeta.metadata.labels of type map[string]string"
            ),
            (
                .services, #"{"metadata":{"annotations":{"a":true}}}"#,
                "cannot unmarshal bool into Go struct field ObjectMeta.metadata.annotations of type string"
            ),
            (
                .services, #"{"spec":7}"#,
                "cannot unmarshal number into Go struct field Service.spec of type v1.ServiceSpec"
            ),
            (
                .deployments,
                #"{"spec":{"template":{"spec":{"containers":[{"env":[{"name":"A","value":1}]}]}}}}"#,
                "cannot unmarshal number into Go struct field EnvVar.spec.template.spec.containers.env.value "
                    + "of type string"
            ),
            (
                .deployments, #"{"spec":{"replicas":"3"}}"#,
                "cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32"
            ),
            (
                .networkPolicies, #"{"spec":{"policyTypes":"Ingress"}}"#,
                "cannot unmarshal string into Go struct field NetworkPolicySpec.spec.policyTypes of type []v1.PolicyType"
            ),
            (
                .networkPolicies, #"{"spec":{"ingress":{}}}"#,
                "cannot unmarshal object into Go struct field NetworkPolicySpec.spec.ingress "
                    + "of type []v1.NetworkPolicyIngressRule"
            ),
            (
                .pods, #"{"metadata":{"deletionTimestamp":5}}"#, "cannot unmarshal number into Go value of type string"
            ),
        ])
    func wrongTypes(type: ResourceType, text: String, message: String) throws {
        #expect(
            try refusal(type, text)
                == "\(type.kind) in version \"v1\" cannot be handled as a \(type.kind): json: \(message)")
    }

    @Test(
        "texts that stand for bytes, times and amounts are read",
        arguments: [
            (ResourceType.secrets, #"{"data":{"a":"not base64"}}"#, "illegal base64 data at input byte 3"),
            (.secrets, #"{"data":{"a":"YWI"}}"#, "illegal base64 data at input byte 3"),
            (
                .pods, #"{"metadata":{"creationTimestamp":"yesterday"}}"#,
                "parsing time \"yesterday\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"yesterday\" as \"2006\""
            ),
            (
                .pods, #"{"metadata":{"creationTimestamp":"2026-02-30T00:00:00Z"}}"#,
                "parsing time \"2026-02-30T00:00:00Z\": day out of range"
            ),
            (
                .nodes, #"{"status":{"capacity":{"cpu":"lots"}}}"#,
                "quantities must match the regular expression "
                    + "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
            ),
            (.nodes, #"{"status":{"capacity":{"cpu":"1x"}}}"#, "unable to parse quantity's suffix"),
        ])
    func encodedTexts(type: ResourceType, text: String, message: String) throws {
        #expect(
            try refusal(type, text) == "\(type.kind) in version \"v1\" cannot be handled as a \(type.kind): \(message)")
    }

    @Test("an object of another kind or version is refused, and one that names neither is taken for the kind asked for")
    func kinds() throws {
        #expect(
            try refusal(.services, #"{"apiVersion":"v1","kind":"Pod"}"#)
                == "Pod in version \"v1\" cannot be handled as a Service: converting (v1.Pod) to (v1.Service): "
                + "unknown conversion")
        #expect(
            try refusal(.deployments, #"{"apiVersion":"v1","kind":"Deployment"}"#)
                == "the API version in the data (v1) does not match the expected API version (apps/v1)")
        #expect(try refusal(.services, "[]").hasPrefix("couldn't get version/kind; json parse error: "))
        let object = try ResourceType.deployments.decode(["metadata": ["name": "web"]]).object
        #expect(object.value == ["apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "web"]])
    }

    @Test("fields that are null are dropped, and null in lists and maps is the zero value")
    func nulls() throws {
        let value = try JSONValue(
            parsing: #"""
                {"apiVersion":"v1","kind":"Pod","metadata":{"creationTimestamp":null,"labels":{"a":null}},
                 "spec":{"containers":[{"name":"c","args":["a",null],"env":null,"resources":{"limits":{"cpu":1}}}]}}
                """#)
        #expect(
            try ResourceType.pods.decode(value).object.value == [
                "apiVersion": "v1", "kind": "Pod", "metadata": ["labels": ["a": ""]],
                "spec": [
                    "containers": [["name": "c", "args": ["a", ""], "resources": ["limits": ["cpu": "1"]]]]
                ],
            ])
    }

    @Test("a whole number may be written with a point")
    func wholeNumbers() throws {
        let value = try JSONValue(parsing: #"{"spec":{"ports":[{"port":80.0,"targetPort":8e1}]}}"#)
        let ports = try ResourceType.services.decode(value).object["spec", "ports"]
        #expect(ports == [["port": 80, "targetPort": 80]])
    }

    @Test("unknown fields are told with their paths and kept")
    func unknownFields() throws {
        let value = try JSONValue(
            parsing: #"""
                {"apiVersion":"v1","kind":"Pod","extra":{"a":null},"metadata":{"name":"p","clusterName":"x"},
                 "spec":{"containers":[{"name":"c"},{"name":"d","foo":1}],"bar":[1]}}
                """#)
        let decoded = try ResourceType.pods.decode(value)
        #expect(decoded.unknownFields == ["extra", "metadata.clusterName", "spec.bar", "spec.containers[1].foo"])
        #expect(decoded.object.value == value)
    }

    @Test("the same fault is named each time, whatever the order of the fields")
    func determinism() throws {
        let value: JSONValue = ["spec": ["type": 1, "clusterIP": 1, "ports": 1, "selector": 1]]
        let messages = Set(
            (0..<50).map { _ in
                do throws(APIStatus) {
                    _ = try ResourceType.services.decode(value)
                    return ""
                } catch { return error.message }
            })
        #expect(messages.count == 1)
        #expect(messages.first?.hasSuffix("ServiceSpec.spec.clusterIP of type string") == true)
    }
}
