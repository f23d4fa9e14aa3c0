import Tensors

/// The sanity check of Adebayo et al. (2018): weights are made meaningless part by part, from the output to the input. A map
/// that stays the same does not explain what the network has learned.
public struct CascadingRandomization: Sendable {
    /// Parts in the order in which they lose their meaning: heads, pyramid, final norm, blocks from the last, .., stem.
    public let parts: [String]
    private let directory: String
    private let configuration: DetectorConfiguration
    private let tensors: [String: Tensor]

    public init(directory: String) throws(NetworkError) {
        self.directory = directory
        configuration = try Detector(directory: directory).configuration
        var file = try networkErrors { () throws(TensorError) in
            try WeightFile(path: directory + "/weights.safetensors")
        }
        var tensors: [String: Tensor] = [:]
        for name in file.names {
            tensors[name] = try networkErrors { () throws(TensorError) in try file.take(name) }
        }
        self.tensors = tensors
        parts = Set(tensors.keys.map(Self.part)).sorted {
            (Self.depth($1), $0) < (Self.depth($0), $1)
        }
    }

    /// The network with the first `count` parts shuffled: each tensor keeps its values and loses their places.
    public func detector(shuffling count: Int, seed: UInt64 = 1) throws(NetworkError) -> Detector {
        let chosen = Set(parts.prefix(count))
        var changed = tensors
        var numbers = SplitMix64(state: seed)
        for name in tensors.keys.sorted() where chosen.contains(Self.part(name)) {
            guard let tensor = tensors[name] else { continue }
            let elements = tensor.elements.shuffled(using: &numbers)
            changed[name] = try networkErrors { () throws(TensorError) in try Tensor(elements, tensor.shape) }
        }
        let network = try networkErrors { () throws(TensorError) in
            try DetectorNetwork(
                WeightFile(bytes: safetensorsBytes(changed), path: directory + "/weights.safetensors"), configuration)
        }
        return try Detector(configuration: configuration, network: network)
    }

    /// "stage2.blocks.5" of "stage2.blocks.5.qkv.weight"; all heads are one part.
    private static func part(_ name: String) -> String {
        let words = name.split(separator: ".")
        switch words[0] {
        case "stage1", "stage2", "trunk": return words.prefix(words[1] == "blocks" ? 3 : 2).joined(separator: ".")
        case "stem", "merge", "norm", "pyramid": return String(words[0])
        default: return "heads"
        }
    }

    /// From the input; the parts' order in a forward pass.
    private static func depth(_ part: String) -> Int {
        let words = part.split(separator: ".")
        let block = words.count == 3 ? (Int(words[2]) ?? 0) + 1 : 0
        switch words[0] {
        case "stem": return 0
        // What stage 2 reads of it comes after its blocks.
        case "trunk": return ["middle", "coarse"].contains(words[1]) ? 200 : 100 + block
        case "stage1": return 100 + block
        case "merge": return 200
        case "stage2": return 300 + block
        case "norm": return 400
        case "pyramid": return 500
        default: return 600
        }
    }
}
