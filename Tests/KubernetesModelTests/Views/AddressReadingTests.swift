import Addressing
import KubernetesModel
import Testing

@Suite("Addresses of the API")
struct AddressReadingTests {
    @Test(
        "leading zeros are decimal, as they were when such addresses could be stored",
        arguments: [
            ("010.096.000.001", "10.96.0.1"), ("10.0.00.8", "10.0.0.8"), ("1.2.3.4", "1.2.3.4"), ("fd00::1", "fd00::1"),
        ])
    func leadingZeros(text: String, address: String) {
        #expect(IPAddress(ofAPI: text)?.description == address)
    }

    @Test(
        "what is no address stays none",
        arguments: ["", "0", "1.2.3", "1.2.3.4.5", "1.2.3.", "0256.1.1.1", "0x1.2.3.4", "1.2.3.-4"])
    func noAddress(text: String) {
        #expect(IPAddress(ofAPI: text) == nil)
    }

    @Test(
        "a block may have spaces around it, leading zeros, and bits behind its prefix",
        arguments: [
            (" 10.0.0.0/8\t", "10.0.0.0/8"), ("10.1.2.3/16", "10.1.0.0/16"), ("010.0.0.0/8", "10.0.0.0/8"),
            ("fd00::1/64", "fd00::/64"), ("10.0.0.0/08", "10.0.0.0/8"), ("0.0.0.0/00", "0.0.0.0/0"),
        ])
    func blocks(text: String, block: String) {
        #expect(CIDR(ofAPI: text)?.description == block)
    }

    @Test(
        "what is no block stays none",
        arguments: [
            "", "10.0.0.0", "10.0.0.0/33", "10.0.0.0/8/8", "10.0.0.0/ 8", "a/8", "10.0.0.0/", "10.0.0.0/-8",
        ])
    func noBlock(text: String) {
        #expect(CIDR(ofAPI: text) == nil)
    }
}
