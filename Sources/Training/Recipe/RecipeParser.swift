import Networks
package import Pipelines

extension Recipe {
    /// Reads a recipe.
    ///
    /// - Throws: `ConfigurationError` with every mistake at its line and column: unknown keys, numbers out of range, sizes that
    ///   do not fit the network.
    ///
    /// - Parameter settings: values changed from the command line.
    package static func parse(
        _ text: String, name: String, settings: [Setting] = []
    ) throws(ConfigurationError) -> Recipe {
        var root = try ConfigurationNode.parse(yaml: text, name: name)
        for setting in settings { root = try setting.applied(to: root) }
        var reader = ConfigurationReader()
        var recipe = Recipe()
        recipe.read(root, &reader)
        try reader.finish()
        return recipe
    }

    private mutating func read(_ root: ConfigurationNode, _ reader: inout ConfigurationReader) {
        let known = [
            "name", "classes", "architecture", "data", "schedule", "loss", "augmentation", "adaptation", "distillation",
            "pretraining", "seed",
        ]
        var sizes: ConfigurationNode?
        for entry in reader.mapping(root, "a recipe", known) ?? [] {
            switch entry.key {
            case "name": name = reader.text(entry) ?? name
            case "classes":
                classes = reader.texts(entry)
                if Set(classes).count != classes.count {
                    reader.report(entry.value.mark, "classes: a name occurs twice")
                }
            case "architecture": readArchitecture(entry.value, &reader)
            case "data": readData(entry.value, &reader)
            case "schedule": sizes = readSchedule(entry.value, &reader)
            case "loss": readLoss(entry.value, &reader)
            case "augmentation": readAugmentation(entry.value, &reader)
            case "adaptation": readAdaptation(entry.value, &reader)
            case "distillation": readDistillation(entry.value, &reader)
            case "pretraining": readPretraining(entry.value, &reader)
            case "seed": seed = UInt64(reader.integer(entry, in: 0...Int.max) ?? 1)
            default: break
            }
        }
        for key in ["name", "classes"] where root.mapping?.contains(where: { $0.key == key }) != true {
            reader.report(root.mark, "a recipe needs '\(key)'")
        }
        if pretraining != nil, adaptation != nil || distillation != nil {
            reader.report(root.mark, "pretraining goes with neither adaptation nor distillation")
        }
        for (index, part) in schedule.sizes.enumerated() where part.size % extents.inputMultiple != 0 {
            let node = sizes?.sequence.flatMap { $0.indices.contains(index) ? $0[index] : nil } ?? sizes ?? root
            reader.report(
                node.mark, "sizes: \(part.size) is no multiple of \(extents.inputMultiple), which the network needs")
        }
        if reader.diagnostics.isEmpty { checkNetwork(at: sizes ?? root, &reader) }
    }

    /// What would train, and could not be loaded afterwards.
    private func checkNetwork(at node: ConfigurationNode, _ reader: inout ConfigurationReader) {
        for part in schedule.sizes {
            var configuration = configuration
            configuration.inputSize = part.size
            do throws(NetworkError) {
                try configuration.check(path: "")
            } catch {
                guard case .value(_, let key, let reason) = error else { continue }
                return reader.report(node.mark, "the network at \(part.size) pixels: \(key) \(reason)")
            }
        }
    }

    private mutating func readData(_ node: ConfigurationNode, _ reader: inout ConfigurationReader) {
        for entry in reader.mapping(node, "data", ["train", "validation", "heldOut", "block"]) ?? [] {
            switch entry.key {
            case "train": data.train = reader.text(entry) ?? data.train
            case "validation": data.validation = reader.text(entry) ?? data.validation
            case "heldOut": data.heldOut = reader.number(entry, in: 0.02...0.5) ?? data.heldOut
            case "block": data.block = reader.integer(entry, in: 1...100_000) ?? data.block
            default: break
            }
        }
    }

    /// - Returns: where the sizes stand.
    private mutating func readSchedule(
        _ node: ConfigurationNode, _ reader: inout ConfigurationReader
    ) -> ConfigurationNode? {
        let known = [
            "epochs", "batch", "pass", "sizes", "rate", "decay", "warmUp", "annealing", "clip", "average", "patience",
            "look", "checkpointing", "precision",
        ]
        var sizes: ConfigurationNode?
        for entry in reader.mapping(node, "schedule", known) ?? [] {
            switch entry.key {
            case "epochs": schedule.epochs = reader.integer(entry, in: 1...100_000) ?? schedule.epochs
            case "batch": schedule.batch = reader.integer(entry, in: 1...4096) ?? schedule.batch
            case "pass": schedule.pass = reader.integer(entry, in: 1...4096) ?? schedule.pass
            case "sizes":
                sizes = entry.value
                readSizes(entry, &reader)
            case "rate": schedule.rate = reader.number(entry, in: 1e-8...1) ?? schedule.rate
            case "decay": schedule.decay = reader.number(entry, in: 0...1) ?? schedule.decay
            case "warmUp": schedule.warmUp = reader.integer(entry, in: 0...1_000_000) ?? schedule.warmUp
            case "annealing": schedule.annealing = reader.choice(entry.value, "annealing") ?? schedule.annealing
            case "clip": schedule.clip = reader.number(entry, in: 1e-6...1e6) ?? schedule.clip
            case "average": schedule.average = reader.number(entry, in: 0...0.999999) ?? schedule.average
            case "patience": schedule.patience = reader.integer(entry, in: 0...10_000) ?? schedule.patience
            case "look": schedule.look = reader.integer(entry, in: 1...1000) ?? schedule.look
            case "precision": schedule.precision = reader.choice(entry.value, "precision") ?? schedule.precision
            case "checkpointing":
                if let flag = entry.value.boolean {
                    schedule.checkpointing = flag
                } else {
                    reader.report(
                        entry.value.mark, "checkpointing: expected true or false, found \(entry.value.kindDescription)")
                }
            default: break
            }
        }
        return sizes
    }

    /// One size, or a list of `{ size, until }` whose last needs no `until`.
    private mutating func readSizes(_ entry: ConfigurationNode.Entry, _ reader: inout ConfigurationReader) {
        guard let nodes = entry.value.sequence else {
            if let size = reader.integer(entry, in: 32...4096) {
                (schedule.sizeValues, schedule.sizeEnds) = ([size], [1])
            }
            return
        }
        var (values, ends): ([Int], [Double]) = ([], [])
        for (index, node) in nodes.enumerated() {
            var (size, until): (Int?, Double?) = (nil, index == nodes.count - 1 ? 1 : nil)
            for part in reader.mapping(node, "a size", ["size", "until"]) ?? [] {
                if part.key == "size" { size = reader.integer(part, in: 32...4096) }
                if part.key == "until" { until = reader.number(part, in: 0...1) }
            }
            guard let size, let until, until > ends.last ?? -1 else {
                reader.report(node.mark, "a size needs 'size', and 'until' above the one before it")
                continue
            }
            values.append(size)
            ends.append(until)
        }
        if nodes.isEmpty { reader.report(entry.value.mark, "sizes: a list needs one size at least") }
        if !values.isEmpty { (schedule.sizeValues, schedule.sizeEnds) = (values, ends) }
    }

    private mutating func readLoss(_ node: ConfigurationNode, _ reader: inout ConfigurationReader) {
        for entry in reader.mapping(node, "loss", ["focalAlpha", "focalGamma", "repeats"]) ?? [] {
            switch entry.key {
            case "focalAlpha": loss.focalAlpha = reader.number(entry, in: 0.001...0.999) ?? loss.focalAlpha
            case "focalGamma": loss.focalGamma = reader.number(entry, in: 0...10) ?? loss.focalGamma
            case "repeats": loss.repeats = reader.integer(entry, in: 1...100) ?? loss.repeats
            default: break
            }
        }
    }

    private mutating func readAdaptation(_ node: ConfigurationNode, _ reader: inout ConfigurationReader) {
        var values = LowRankAdaptation()
        for entry in reader.mapping(node, "adaptation", ["rank", "alpha", "heads"]) ?? [] {
            if entry.key == "rank" { values.rank = reader.integer(entry, in: 1...1024) ?? values.rank }
            if entry.key == "alpha" { values.alpha = reader.number(entry, in: 0.001...1000) ?? values.alpha }
            if entry.key == "heads" { values.heads = reader.choice(entry.value, "heads") ?? values.heads }
        }
        adaptation = values
    }

    private mutating func readDistillation(_ node: ConfigurationNode, _ reader: inout ConfigurationReader) {
        var values = Distillation()
        for entry in reader.mapping(node, "distillation", ["temperature", "alpha"]) ?? [] {
            if entry.key == "temperature" {
                values.temperature = reader.number(entry, in: 0.1...100).map { Float($0) } ?? values.temperature
            }
            if entry.key == "alpha" { values.alpha = reader.number(entry, in: 0...1).map { Float($0) } ?? values.alpha }
        }
        distillation = values
    }

    private mutating func readPretraining(_ node: ConfigurationNode, _ reader: inout ConfigurationReader) {
        var values = MaskedImageModelling()
        for entry in reader.mapping(node, "pretraining", ["masked"]) ?? [] {
            values.masked = reader.number(entry, in: 0.01...0.99) ?? values.masked
        }
        pretraining = values
    }

    private mutating func readAugmentation(_ node: ConfigurationNode, _ reader: inout ConfigurationReader) {
        let numbers: [(String, WritableKeyPath<Augmentation, Double>, ClosedRange<Double>)] = [
            ("flipHorizontal", \.flipHorizontal, 0...1), ("flipVertical", \.flipVertical, 0...1),
            ("rotation", \.rotation, 0...180), ("smallest", \.smallest, 0.1...1), ("largest", \.largest, 1...10),
            ("stretch", \.stretch, 0...1), ("shift", \.shift, 0...0.5), ("intensity", \.intensity, 0...1),
            ("blur", \.blur, 0...1), ("noise", \.noise, 0...1), ("pasted", \.pasted, 0...1),
            ("pastedBeside", \.pastedBeside, 0...1),
            ("gentle", \.gentle, 0...1), ("gentleFrom", \.gentleFrom, 0...1),
        ]
        for entry in reader.mapping(node, "augmentation", numbers.map(\.0)) ?? [] {
            guard let (_, path, range) = numbers.first(where: { $0.0 == entry.key }) else { continue }
            if let value = reader.number(entry, in: range) { augmentation[keyPath: path] = value }
        }
    }
}
