import Testing
import Topology

@testable import Runtime

/// What `kubectl run NAME --image=IMAGE -- ARGUMENTS` runs: it sets arguments, not a command.
@Suite("images with arguments")
struct ImageArgumentsTests {
    private func resolve(_ image: String, _ arguments: [String], hasInput: Bool = false) throws -> Image {
        try ContainerSpec(name: "c", image: image, arguments: arguments, hasInput: hasInput)
            .resolve(scratch: "/nonexistent")
    }

    @Test(
        "an image without an entrypoint runs its arguments",
        arguments: ["busybox", "docker.io/library/alpine:3.20", "nicolaka/netshoot", "debian", "ubuntu:24.04"])
    func command(image: String) throws {
        #expect(try resolve(image, ["nslookup", "my-service"]) == .program(["nslookup", "my-service"]))
        #expect(try resolve(image, ["/bin/bash"], hasInput: true) == .program(["/bin/bash"]))
    }

    @Test("curl's image gives its arguments to curl")
    func curl() throws {
        #expect(
            try resolve("curlimages/curl:8.8.0", ["-s", "http://web"]) == .program(["curl", "-s", "http://web"]))
    }

    @Test("a server's image runs a program that is named in place of the server", arguments: ["nginx", "redis:7"])
    func server(image: String) throws {
        #expect(try resolve(image, ["sh", "-c", "exit 3"]) == .program(["sh", "-c", "exit 3"]))
    }

    @Test("without arguments, tool images wait, and give a shell to who wants to type")
    func idle() throws {
        let sleep = try #require(Image.installed("sleep"))
        let shell = try #require(Image.installed("sh"))
        #expect(try resolve("busybox", []) == .program([sleep, "infinity"]))
        #expect(try resolve("busybox", [], hasInput: true) == .program([shell]))
        #expect(try resolve("pause", ["x"]) == .program([sleep, "infinity"]))
    }
}
