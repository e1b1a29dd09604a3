import Addressing
import KubernetesModel

extension PolicyScenario {
    /// Rules for blocks of addresses, in both directions and each family.
    static func blocks(in world: PolicyWorld) -> [PolicyScenario] {
        AddressFamily.allCases.flatMap { family -> [PolicyScenario] in
            // A family that the lab lacks is only listed.
            let world = world.families.contains(family) ? world : PolicyWorld()
            guard let one = world.blocks(around: PolicyWorld.pod("z", "c"), family),
                let other = world.blocks(around: PolicyWorld.pod("y", "a"), family)
            else { return [] }
            return BlockForm.all(one, other, family).map { form in
                var needs = LabNeeds()
                needs.families = [family]
                return PolicyScenario(
                    "blocks/\(family.word)-\(form.id)", "a rule for \(form.words), \(family)",
                    ["G14"], needs: needs,
                    PolicyManifest(both: form.rules))
            }
        }
    }
}

/// A way to write rules for blocks of addresses down.
private struct BlockForm {
    let id: String
    let words: String
    let rules: [PolicyRule]

    init(_ id: String, _ words: String, _ peers: [JSONValue]...) {
        self.id = id
        self.words = words
        rules = peers.map { PolicyRule(peers: $0) }
    }

    static func all(_ one: NeighbourBlocks, _ other: NeighbourBlocks, _ family: AddressFamily) -> [BlockForm] {
        plain(one, other, family) + excepting(one, other, family)
    }

    /// Blocks without exceptions.
    private static func plain(
        _ one: NeighbourBlocks, _ other: NeighbourBlocks, _ family: AddressFamily
    ) -> [BlockForm] {
        [
            BlockForm("address", "a single address", [.block(one.alone)]),
            BlockForm("tight", "a block that ends before the nearest pod", [.block(one.tight)]),
            BlockForm("loose", "a block with two pods and no more", [.block(one.loose)]),
            BlockForm("node", "a block of a usual size", [.block(one.node)]),
            BlockForm("two", "two blocks", [.block(one.alone), .block(other.alone)]),
            BlockForm("everyone", "all addresses", [.block(.all(family))]),
            BlockForm("nobody", "addresses that no pod has", [.block(.nobody(family))]),
            BlockForm(
                "block-and-pods", "a block, and for pods by a label",
                [.block(one.tight), .peer(.labels(["pod": "b"]))]),
            BlockForm(
                "nobody-and-pods", "addresses that no pod has, and for all pods",
                [.block(.nobody(family)), .peer(nil, namespaces: [:])]),
        ]
    }

    /// Blocks with exceptions.
    private static func excepting(
        _ one: NeighbourBlocks, _ other: NeighbourBlocks, _ family: AddressFamily
    ) -> [BlockForm] {
        let all = CIDR.all(family)
        return [
            BlockForm("except", "all addresses but one", [.block(all, except: [one.alone])]),
            BlockForm("except-several", "all addresses but two", [.block(all, except: [one.alone, other.alone])]),
            BlockForm("except-several-turned", "all but two, turned", [.block(all, except: [other.alone, one.alone])]),
            BlockForm(
                "except-block", "a block of a usual size but for a smaller one", [.block(one.node, except: [one.part])]),
            BlockForm("except-half", "a block but for one half of it", [.block(one.loose, except: [one.neighbour])]),
            BlockForm(
                "except-overlapping", "all but two blocks, one within the other",
                [.block(all, except: [one.alone, one.loose])]),
            BlockForm(
                "except-whole", "a block but for all of it", [.block(one.loose, except: [one.tight, one.neighbour])]),
            BlockForm("except-nobody", "all but addresses that no pod has", [.block(all, except: [.nobody(family)])]),
            BlockForm(
                "except-allowed-by-peer", "a block with an exception, and for the exception by another peer",
                [.block(all, except: [one.loose, other.alone]), .block(one.alone)]),
            BlockForm(
                "except-allowed-by-pods", "a block with an exception, and for pods with it by their labels",
                [.block(all, except: [one.node]), .peer(.labels(["pod": "c"]), namespaces: .labels(["ns": "z"]))]),
            BlockForm(
                "except-allowed-by-rule", "a block with an exception, and for the exception by another rule",
                [.block(all, except: [one.loose])], [.block(one.alone)]),
        ]
    }
}
