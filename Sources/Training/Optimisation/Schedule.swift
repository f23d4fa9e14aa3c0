#if canImport(Glibc)
    import Glibc
#endif

/// The learning rate over a training: a linear warm-up, then cosine annealing.
package struct Schedule: Sendable, Hashable {
    package enum Annealing: String, Sendable, Hashable, CaseIterable {
        /// One half wave down to a hundredth of the peak.
        case cosine
        /// Half waves that begin anew after 10, then 20, then 40 epochs (SGDR, Loshchilov and Hutter 2017).
        case restarts
    }

    package var peak: Double
    package var annealing: Annealing
    /// Steps of the warm-up.
    package var warmUp: Int
    package var steps: Int
    package var stepsPerEpoch: Int

    package init(peak: Double, annealing: Annealing, warmUp: Int, steps: Int, stepsPerEpoch: Int) {
        (self.peak, self.annealing, self.warmUp) = (peak, annealing, warmUp)
        (self.steps, self.stepsPerEpoch) = (steps, stepsPerEpoch)
    }

    /// Epochs of the first wave, and what the next is longer by.
    private static let (firstWave, growth) = (10.0, 2.0)
    private static let least = 0.01

    /// - Parameter step: from 0.
    package func rate(step: Int) -> Double {
        if step < warmUp { return peak * Double(step + 1) / Double(warmUp) }
        let part: Double
        switch annealing {
        case .cosine: part = Double(step - warmUp) / Double(max(1, steps - warmUp))
        case .restarts:
            var (epoch, wave) = (Double(step - warmUp) / Double(stepsPerEpoch), Self.firstWave)
            while epoch >= wave { (epoch, wave) = (epoch - wave, wave * Self.growth) }
            part = epoch / wave
        }
        return peak * (Self.least + (1 - Self.least) * 0.5 * (1 + cos(.pi * min(part, 1))))
    }
}

/// Stops when a metric has not risen for a number of looks.
package struct EarlyStopping: Sendable, Hashable, Codable {
    package private(set) var best: Double?
    package private(set) var sinceBest = 0

    package init() {}

    /// Takes note of a look.
    /// - Returns: whether it is the best so far; a look that found nothing never is.
    package mutating func note(_ metric: Double) -> Bool {
        if metric <= best ?? 0 {
            sinceBest += 1
            return false
        }
        (best, sinceBest) = (metric, 0)
        return true
    }

    /// - Parameter patience: looks without a rise that are borne.
    package func isOver(patience: Int) -> Bool { sinceBest >= patience }
}
