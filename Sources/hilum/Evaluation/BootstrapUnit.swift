import Training

/// What images are drawn together by the bootstrap.
enum BootstrapUnit: String {
    case image, patient, block

    /// Patients where they are known, else blocks of file numbers, else images.
    static func units(_ images: [LabelledImage], blockSize: Int?) -> (BootstrapUnit, [Int]) {
        let names: [String]
        let unit: BootstrapUnit
        if images.allSatisfy({ $0.patient != nil }) {
            (unit, names) = (.patient, images.map { $0.patient ?? "" })
        } else if let blockSize {
            unit = .block
            names = images.map { image in
                let stem = image.name.prefix(upTo: image.name.lastIndex(of: ".") ?? image.name.endIndex)
                let digits = String(stem.reversed().prefix { $0.isNumber }.reversed())
                return "\(stem.dropLast(digits.count))\((Int(digits) ?? 0) / blockSize)"
            }
        } else {
            (unit, names) = (.image, images.map(\.name))
        }
        var numbers: [String: Int] = [:]
        return (
            unit,
            names.map { name in
                if let number = numbers[name] { return number }
                numbers[name] = numbers.count
                return numbers.count - 1
            }
        )
    }
}
