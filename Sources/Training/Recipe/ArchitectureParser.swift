package import Networks
import Pipelines

extension DetectorConfiguration.Extents {
    fileprivate static var numbers: [(String, WritableKeyPath<Self, Int>)] {
        [
            ("stemChannels", \.stemChannels), ("stage1Channels", \.stage1Channels), ("stage1Blocks", \.stage1Blocks),
            ("stage1Heads", \.stage1Heads), ("window", \.window), ("stage2Channels", \.stage2Channels),
            ("stage2Blocks", \.stage2Blocks), ("stage2Heads", \.stage2Heads), ("mlpRatio", \.mlpRatio),
            ("pyramidChannels", \.pyramidChannels), ("pyramidLevels", \.pyramidLevels), ("queries", \.queries),
            ("decoderLayers", \.decoderLayers), ("decoderHeads", \.decoderHeads), ("boxFrequencies", \.boxFrequencies),
            ("abnormalityCells", \.abnormalityCells), ("maskChannels", \.maskChannels),
        ]
    }

    /// What an architecture has otherwise than another, by the recipe's words.
    package func differences(from other: Self) -> [String] {
        Self.numbers.filter { self[keyPath: $0.1] != other[keyPath: $0.1] }.map(\.0)
            + (decoderChannels == other.decoderChannels ? [] : ["decoderChannels"])
    }
}

extension Recipe {
    /// The name of a preset, or a mapping of `preset` and extents that differ from it.
    mutating func readArchitecture(_ node: ConfigurationNode, _ reader: inout ConfigurationReader) {
        let names = DetectorConfiguration.presets.keys.sorted()
        func choose(_ node: ConfigurationNode) -> String? {
            if let name = node.string, names.contains(name) { return name }
            reader.report(
                node.mark,
                "architecture: expected one of \(names.joined(separator: ", ")), found \(node.kindDescription)",
                suggestion: node.string.flatMap { nearest(to: $0, among: names) })
            return nil
        }
        if node.mapping == nil {
            architecture = choose(node) ?? architecture
            extents = DetectorConfiguration.presets[architecture]!.extents
            return
        }
        let numbers = DetectorConfiguration.Extents.numbers
        let entries = reader.mapping(node, "architecture", ["preset", "decoderChannels"] + numbers.map(\.0)) ?? []
        if let preset = entries.first(where: { $0.key == "preset" }) {
            architecture = choose(preset.value) ?? architecture
        }
        extents = DetectorConfiguration.presets[architecture]!.extents
        for entry in entries {
            if entry.key == "decoderChannels" { extents.decoderChannels = reader.integer(entry, in: 1...4096) }
            guard let path = numbers.first(where: { $0.0 == entry.key })?.1 else { continue }
            if extents.trunk != nil, extents[keyPath: path] == 0, entry.key != "maskChannels" {
                reader.report(entry.keyMark, "\(entry.key): \(architecture) has no windowed blocks")
                continue
            }
            let range = entry.key == "maskChannels" ? 0...4096 : entry.key == "pyramidLevels" ? 2...3 : 1...4096
            if let value = reader.integer(entry, in: range) { extents[keyPath: path] = value }
        }
        for (key, channels, heads) in [
            ("stage1Heads", extents.stage1Channels, extents.stage1Heads),
            ("stage2Heads", extents.stage2Channels, extents.stage2Heads),
            ("decoderHeads", extents.decoderChannels ?? extents.stage2Channels, extents.decoderHeads),
        ] where heads > 0 && channels % heads != 0 {
            let mark = entries.first { $0.key == key }?.value.mark ?? node.mark
            reader.report(mark, "\(key): \(heads) heads do not divide \(channels) channels")
        }
    }
}
