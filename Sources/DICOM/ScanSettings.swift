extension Moment {
    /// Settings of the scanner and of the reconstruction that change what the values show.
    struct Settings: Sendable, Hashable {
        /// ms
        var inversionTime: Double?
        /// ms, of MR.
        var repetitionTime: Double?
        /// kV
        var tubeVoltage: Double?
        /// mm
        var sliceThickness: Double?
        var kernel: String?
        /// Of MR: magnetization transfer, fat suppression and the like.
        var scanOptions: String?
        var receiveCoil: String?

        func over(_ shared: Settings) -> Settings {
            Settings(
                inversionTime: inversionTime ?? shared.inversionTime,
                repetitionTime: repetitionTime ?? shared.repetitionTime,
                tubeVoltage: tubeVoltage ?? shared.tubeVoltage, sliceThickness: sliceThickness ?? shared.sliceThickness,
                kernel: kernel ?? shared.kernel, scanOptions: scanOptions ?? shared.scanOptions,
                receiveCoil: receiveCoil ?? shared.receiveCoil)
        }

        private static let numbers: [(name: String, value: @Sendable (Settings) -> Double?, tolerance: Double)] = [
            ("inversion time", { $0.inversionTime }, 0.01),
            // Triggered scans repeat with the heart.
            ("repetition time", { $0.repetitionTime }, 0.1),
            ("tube voltage", { $0.tubeVoltage }, 0.01), ("slice thickness", { $0.sliceThickness }, 0.01),
        ]
        private static let texts: [(name: String, value: @Sendable (Settings) -> String?)] = [
            ("convolution kernel", { $0.kernel }), ("scan options", { $0.scanOptions }),
            ("receive coil", { $0.receiveCoil }),
        ]

        /// Names of those in which sets of settings differ. Slices of one volume may differ in a setting as those of
        /// another do.
        static func differences(_ parts: [Set<Settings>]) -> [String] {
            guard let first = parts.first, parts.contains(where: { $0 != first }) else { return [] }
            let numbers = numbers.filter { _, value, tolerance in
                parts.contains { part in
                    !isCovered(part, by: first, value, tolerance) || !isCovered(first, by: part, value, tolerance)
                }
            }
            let texts = texts.filter { _, value in parts.contains { Set($0.map(value)) != Set(first.map(value)) } }
            return numbers.map(\.name) + texts.map(\.name)
        }

        /// Whether each value in one set is close to a value in the other.
        private static func isCovered(
            _ part: Set<Settings>, by other: Set<Settings>, _ value: (Settings) -> Double?, _ tolerance: Double
        ) -> Bool {
            let others = Set(other.map(value))
            return Set(part.map(value)).allSatisfy { own in
                others.contains { other in
                    guard let own, let other else { return own == nil && other == nil }
                    return abs(own - other) <= tolerance * abs(own)
                }
            }
        }
    }
}
