package import Networks

/// How a model is trained: a YAML file, see `training/recipes/`.
package struct Recipe: Sendable, Hashable {
    package var name = ""
    package var classes: [String] = []
    /// The name of a preset.
    package var architecture = "hvit-s"
    package var extents = DetectorConfiguration.presets["hvit-s"]!.extents
    package var seed: UInt64 = 1
    package var data = Parts()
    package var schedule = Plan()
    package var loss = Loss()
    package var augmentation = Augmentation()
    /// Only an adapter to given weights is learned.
    package var adaptation: LowRankAdaptation?
    /// A given teacher is learned from too.
    package var distillation: Distillation?
    /// The backbone alone is learned, from images without their labels.
    package var pretraining: MaskedImageModelling?

    /// The parts of the data set, by the names of its splits.
    package struct Parts: Sendable, Hashable {
        package var train = "train"
        package var validation = "val"
        /// The share of the training part that is kept out of it, to fit calibration and threshold.
        package var heldOut = 0.1
        /// Images go to the held-out part in blocks of this many file numbers, because neighbouring slices share a patient.
        package var block = 40
    }

    package struct Plan: Sendable, Hashable {
        package var epochs = 60
        package var batch = 16
        /// Images that go through the network together; a matter of speed and memory, and of the last bits.
        package var pass = 1
        /// Input sizes in pixels: each with the part of the epochs after which the next begins.
        package var sizes: [(size: Int, until: Double)] { zip(sizeValues, sizeEnds).map { ($0, $1) } }
        package var rate = 6e-4
        package var decay = 0.05
        /// Steps; at most a tenth of all.
        package var warmUp = 300
        package var annealing = Schedule.Annealing.cosine
        package var clip = 2.0
        /// Decay of the moving average of the weights, which is what is measured and shipped.
        package var average = 0.998
        /// Looks at the validation part without a rise before the training stops; 0: never, and the last weights ship.
        package var patience = 15
        /// Epochs between looks at the validation part.
        package var look = 2
        /// Blocks are computed again on the way back instead of being kept: half the memory, a third more time.
        package var checkpointing = false
        /// What matrix products round their operands to; weights, gradients and sums stay float32.
        package var precision = Products.float32
        var sizeValues = [512]
        var sizeEnds = [1.0]
    }

    package enum Products: String, CaseIterable, Sendable {
        case float32 = "fp32"
        case bfloat16 = "bf16"
    }

    package struct Loss: Sendable, Hashable {
        package var focalAlpha = 0.75
        package var focalGamma = 2.0
        package var repeats = 4
    }

    package struct Augmentation: Sendable, Hashable {
        /// Chances.
        package var flipHorizontal = 0.5
        package var flipVertical = 0.15
        /// Degrees to either side.
        package var rotation = 12.0
        /// Bounds of the factor; it is drawn on a logarithmic scale.
        package var smallest = 0.75
        package var largest = 1.3
        /// Stretches of width against height, as a logarithm, to either side.
        package var stretch = 0.08
        /// Parts of the image's side, to either side.
        package var shift = 0.1
        /// The chance of another curve of intensities, contrast and brightness: another scanner's look.
        package var intensity = 1.0
        /// The chance of a blur of 0.3 to 1 pixels.
        package var blur = 0.4
        /// The greatest standard deviation of noise.
        package var noise = 0.04
        /// The chance that an image without a finding gets a lesion of another image.
        package var pasted = 0.35
        /// The chance that an image with findings gets a lesion of another image beside them (Copy-Paste, Ghiasi et al. 2021).
        package var pastedBeside = 0.0
        /// In the last part of the epochs, geometry varies this much less, so that training ends near what the network will see.
        package var gentle = 0.4
        package var gentleFrom = 0.6
    }

    package init() {}

    /// The configuration of the network that the recipe trains, at its last input size, before calibration.
    package var configuration: DetectorConfiguration {
        .untrained(
            name: name, architecture: architecture, inputSize: schedule.sizes.last?.size ?? 0, classes: classes,
            extents: extents)
    }

    /// The input size of an epoch.
    /// - Parameter epoch: from 0.
    package func size(epoch: Int) -> Int {
        let part = Double(epoch) / Double(max(schedule.epochs, 1))
        return schedule.sizes.first { part < $0.until }?.size ?? schedule.sizes.last?.size ?? 0
    }

    /// How much geometry varies in an epoch.
    package func strength(epoch: Int) -> Double {
        Double(epoch) >= augmentation.gentleFrom * Double(schedule.epochs) ? augmentation.gentle : 1
    }
}
