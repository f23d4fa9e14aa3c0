import Foundation
import Tensors

extension DetectorConfiguration {
    /// Reads and checks `config.json`: every key is needed but those that came later (`pyramidLevels`, `decoderChannels`,
    /// `maskChannels`, `trunk`, `precision`), none is ignored but `training`, which describes the recipe.
    package static func read(path: String) throws(NetworkError) -> DetectorConfiguration {
        let file: ConfigurationFile
        do {
            let data = try Data(contentsOf: URL(fileURLWithPath: path))
            file = try JSONDecoder().decode(ConfigurationFile.self, from: data)
        } catch let error as DecodingError {
            throw .configuration(path: path, reason: reason(error))
        } catch {
            throw .configuration(path: path, reason: "cannot be read: \(error.localizedDescription)")
        }
        let configuration = file.configuration
        try configuration.check(path: path)
        return configuration
    }

    private static func reason(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, let context):
            "\"\((context.codingPath + [key]).map(\.stringValue).joined(separator: "."))\" is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            (context.codingPath.isEmpty
                ? "" : "\"\(context.codingPath.map(\.stringValue).joined(separator: "."))\": ")
                + context.debugDescription
        @unknown default: "not understood"
        }
    }

    /// - Parameter path: of the file to name.
    package func check(path: String) throws(NetworkError) {
        func require(_ condition: Bool, _ key: String, _ reason: String) throws(NetworkError) {
            if !condition { throw .value(path: path, key: key, reason: reason) }
        }
        let names = DetectorConfiguration.presets.keys.sorted()
        try require(
            names.contains(architecture), "architecture",
            "must be one of \(names.joined(separator: ", ")), found \"\(architecture)\"")
        let e = extents
        let ofWindows = [
            ("stemChannels", e.stemChannels), ("stage1Channels", e.stage1Channels), ("stage1Blocks", e.stage1Blocks),
            ("stage1Heads", e.stage1Heads), ("window", e.window),
        ]
        let positive: [(String, Int)] = [
            ("inputSize", inputSize), ("stage2Channels", e.stage2Channels), ("stage2Blocks", e.stage2Blocks),
            ("stage2Heads", e.stage2Heads),
            ("mlpRatio", e.mlpRatio), ("pyramidChannels", e.pyramidChannels), ("queries", e.queries),
            ("decoderLayers", e.decoderLayers), ("decoderHeads", e.decoderHeads),
            ("boxFrequencies", e.boxFrequencies), ("abnormalityCells", e.abnormalityCells),
        ]
        for (key, value) in positive + (e.trunk == nil ? ofWindows : []) {
            try require((1...4096).contains(value), key, "must be in 1...4096, found \(value)")
        }
        try require([2, 3].contains(e.pyramidLevels), "pyramidLevels", "must be 2 or 3, found \(e.pyramidLevels)")
        try require(
            e.decoderChannels.map { (1...4096).contains($0) } ?? true, "decoderChannels", "must be in 1...4096 or null")
        try require((0...4096).contains(e.maskChannels), "maskChannels", "must be in 0...4096, found \(e.maskChannels)")
        let multiple = e.inputMultiple
        try require(
            inputSize % multiple == 0, "inputSize",
            "must be a multiple of \(multiple) (the coarsest stride, and 8 windows of \(e.window)), found \(inputSize)")
        let cells = CellGrid(inputSize: inputSize, levels: e.pyramidLevels).cells.count
        try require(e.queries <= cells, "queries", "must be at most the \(cells) cells, found \(e.queries)")
        try require(e.abnormalityCells <= cells, "abnormalityCells", "must be at most \(cells)")
        for (key, channels, heads) in [
            ("stage1Heads", e.stage1Channels, e.stage1Heads), ("stage2Heads", e.stage2Channels, e.stage2Heads),
            ("decoderHeads", e.decoderChannels ?? e.stage2Channels, e.decoderHeads),
        ] where heads > 0 {
            try require(channels % heads == 0, key, "must divide the \(channels) channels, found \(heads)")
        }
        try require(
            !classes.isEmpty && Set(classes).count == classes.count
                && classes.allSatisfy { $0.contains { !$0.isWhitespace } }, "classes", "must be names, each once")
        for (readout, calibration) in calibrations {
            try require(
                calibration.temperature > 0 && calibration.temperature.isFinite,
                "calibration.\(readout.rawValue).temperature", "must be above 0 and within float32")
            try require(
                calibration.bias.isFinite, "calibration.\(readout.rawValue).bias", "must be within float32")
        }
        try require(
            recommendedThreshold > 0 && recommendedThreshold < 1, "recommendedThreshold", "must be between 0 and 1")
        try require(suppressionIoU > 0 && suppressionIoU <= 1, "nmsIoU", "must be in (0, 1]")
        try require(
            normalization == .percentiles, "normalization",
            "must be 1 and 99.8, the percentiles that images are prepared by in training and in every pipeline")
    }
}

extension DetectorConfiguration.Calibration: Decodable {
    private enum Key: String, CodingKey {
        case temperature, bias
    }

    /// As Double: a decoder of Float says of 1e39 only that it is no JSON.
    public init(from decoder: any Decoder) throws {
        let c = try decoder.container(keyedBy: Key.self)
        self.init(
            temperature: Float(try c.decode(Double.self, forKey: .temperature)),
            bias: Float(try c.decode(Double.self, forKey: .bias)))
    }
}

/// The file as JSON has it.
private struct ConfigurationFile: Decodable {
    let configuration: DetectorConfiguration

    enum Key: String, CodingKey, CaseIterable {
        case name, architecture, inputSize, classes, readout, normalization, recommendedThreshold, nmsIoU, calibration
        case stemChannels, stage1Channels, stage1Blocks, stage1Heads, window, stage2Channels, stage2Blocks, stage2Heads
        case mlpRatio, pyramidChannels, queries, decoderLayers, decoderHeads, boxFrequencies, abnormalityCells, training
        case pyramidLevels, decoderChannels, maskChannels, trunk, precision
    }

    struct AnyKey: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    struct Calibrations: Decodable {
        var dense: DetectorConfiguration.Calibration
        var queries: DetectorConfiguration.Calibration
    }

    init(from decoder: any Decoder) throws {
        for key in try decoder.container(keyedBy: AnyKey.self).allKeys where Key(rawValue: key.stringValue) == nil {
            throw DecodingError.dataCorrupted(.init(codingPath: [key], debugDescription: "no such key"))
        }
        let c = try decoder.container(keyedBy: Key.self)
        func number(_ key: Key) throws -> Int { try c.decode(Int.self, forKey: key) }
        let trunk = try c.decodeIfPresent(String.self, forKey: .trunk).map { name in
            guard let trunk = EfficientNetLite(rawValue: name) else {
                let names = EfficientNetLite.allCases.map(\.rawValue).joined(separator: ", ")
                throw DecodingError.dataCorrupted(
                    .init(codingPath: [Key.trunk], debugDescription: "must be one of \(names), found \"\(name)\""))
            }
            return trunk
        }
        // A network has either a trunk of convolutions or one of windows.
        func ofWindows(_ key: Key) throws -> Int {
            guard trunk != nil else { return try number(key) }
            if c.contains(key) {
                throw DecodingError.dataCorrupted(
                    .init(codingPath: [key], debugDescription: "must not be there beside a trunk"))
            }
            return 0
        }
        let calibrations = try c.decode(Calibrations.self, forKey: .calibration)
        var configuration = DetectorConfiguration(
            name: try c.decode(String.self, forKey: .name),
            architecture: try c.decode(String.self, forKey: .architecture),
            inputSize: try number(.inputSize),
            classes: try c.decode([String].self, forKey: .classes),
            readout: try c.decode(DetectorConfiguration.Readout.self, forKey: .readout),
            normalization: try c.decode(DetectorConfiguration.Normalization.self, forKey: .normalization),
            recommendedThreshold: Float(try c.decode(Double.self, forKey: .recommendedThreshold)),
            suppressionIoU: Float(try c.decode(Double.self, forKey: .nmsIoU)),
            calibrations: [.dense: calibrations.dense, .queries: calibrations.queries],
            extents: DetectorConfiguration.Extents(
                stemChannels: try ofWindows(.stemChannels), stage1Channels: try ofWindows(.stage1Channels),
                stage1Blocks: try ofWindows(.stage1Blocks), stage1Heads: try ofWindows(.stage1Heads),
                window: try ofWindows(.window), stage2Channels: try number(.stage2Channels),
                stage2Blocks: try number(.stage2Blocks), stage2Heads: try number(.stage2Heads),
                mlpRatio: try number(.mlpRatio), pyramidChannels: try number(.pyramidChannels),
                queries: try number(.queries), decoderLayers: try number(.decoderLayers),
                decoderHeads: try number(.decoderHeads), boxFrequencies: try number(.boxFrequencies),
                abnormalityCells: try number(.abnormalityCells),
                pyramidLevels: try c.decodeIfPresent(Int.self, forKey: .pyramidLevels) ?? 2,
                decoderChannels: try c.decodeIfPresent(Int.self, forKey: .decoderChannels),
                maskChannels: try c.decodeIfPresent(Int.self, forKey: .maskChannels) ?? 0, trunk: trunk))
        if let name = try c.decodeIfPresent(String.self, forKey: .precision) {
            guard let precision = Precision(rawValue: name) else {
                throw DecodingError.dataCorrupted(
                    .init(
                        codingPath: [Key.precision],
                        debugDescription: "must be one of fp32, bf16 and int8, found \"\(name)\""))
            }
            configuration.precision = precision
        }
        self.configuration = configuration
    }
}
