import Volumes

/// The diffusion weighting of an image.
struct DiffusionWeighting {
    /// s/mm2
    var bValue: Double?
    /// Unit vector in LPS.
    var direction: SIMD3<Double>?

    /// Below, directions do not matter: many protocols take a small b-value for none.
    static let leastBValue = 50.0

    private init(_ bValue: Double?, _ direction: SIMD3<Double>?) {
        self.bValue = bValue
        self.direction = direction.flatMap(Self.unit)
    }

    /// A single-frame image of MR: standard elements, then those of vendors. b-value and direction are each taken from the
    /// first place that tells it, since writers fill in one standard element and leave the other in their own.
    init(_ data: Dataset) {
        self.init(data.number(.diffusionBValue), SIMD3(data.numbers(.diffusionGradientOrientation)))
        // Some writers put the macro of enhanced objects into single-frame images.
        if isIncomplete, let item = data.item(.mrDiffusionSequence) {
            complete(by: DiffusionWeighting(macro: item))
        }
        for vendor in [Self.siemens, Self.philips, Self.ge, Self.csa] where isIncomplete {
            vendor(data).map { complete(by: $0) }
        }
    }

    /// A frame of an enhanced object: MR Diffusion Sequence (PS3.3 C.8.13.5.9).
    init(macro: Dataset) {
        let stated = macro.item(.diffusionGradientDirectionSequence)
            .flatMap { SIMD3($0.numbers(.diffusionGradientOrientation)) }
        self.init(macro.number(.diffusionBValue), stated)
        guard isIncomplete, let item = macro.item(.diffusionBMatrixSequence),
            let matrix = BMatrix(item)
        else { return }
        complete(by: DiffusionWeighting(matrix.bValue, matrix.direction))
    }

    /// Without a b-value, or weighted along a direction that is not known yet.
    private var isIncomplete: Bool { bValue.map { $0 > 0 && direction == nil } ?? true }

    private mutating func complete(by other: DiffusionWeighting) {
        bValue = bValue ?? other.bValue
        direction = direction ?? other.direction
    }

    /// Nil for zero, which stands for no direction (at b = 0, and in averages over directions), and for numbers that are
    /// no direction at all.
    private static func unit(_ vector: SIMD3<Double>) -> SIMD3<Double>? {
        let length = vector.length
        return (1e-3...1e3).contains(length) ? vector / length : nil
    }

    // MARK: Vendors

    private static let siemensCreator = "SIEMENS MR HEADER"

    private static func siemens(_ data: Dataset) -> DiffusionWeighting? {
        data.privateBlock(0x0019, siemensCreator).map { block in
            DiffusionWeighting(block.numbers(0x0C, .text).first, SIMD3(block.numbers(0x0E, .doubles)))
        }
    }

    private static func philips(_ data: Dataset) -> DiffusionWeighting? {
        guard let block = data.privateBlock(0x2001, "Philips Imaging DD 001") else { return nil }
        let more = data.privateBlock(0x2005, "Philips MR Imaging DD 001")
        return DiffusionWeighting(
            block.numbers(0x03, .floats).first,
            more.flatMap { more in SIMD3([0xB0, 0xB1, 0xB2].flatMap { more.numbers($0, .floats) }) })
    }

    /// b-values come with 10^9 added, and vectors along frequency, phase and slice encoding. A vector that is shorter than
    /// 1 stands for a weighting below the stated one, by the square of its length. Axes and scale as dcm2niix has them.
    ///
    /// Other sequences than diffusion put other numbers into the element of the b-value.
    private static func ge(_ data: Dataset) -> DiffusionWeighting? {
        guard let stated = data.privateBlock(0x0043, "GEMS_PARM_01")?.numbers(0x39, .text).first, stated >= 0 else {
            return nil
        }
        let block = data.privateBlock(0x0019, "GEMS_ACQU_01")
        let vector = block.flatMap { block in SIMD3([0xBB, 0xBC, 0xBD].flatMap { block.numbers($0, .text) }) }
        let length = vector?.length ?? 0
        guard stated == 0 || stated >= 1e9 || length > 0 || data.texts(.scanningSequence).contains("EP") else {
            return nil
        }
        var result = DiffusionWeighting(stated.truncatingRemainder(dividingBy: 1e9), nil)
        if (0.03...0.97).contains(length) { result.bValue = result.bValue.map { $0 * length * length } }
        // Only of axial slices in this position is it certain how the encoding lies in the patient.
        guard let vector, let orientation = Orientation(data.numbers(.imageOrientationPatient)),
            abs(orientation.normal.z) > 0.7, ["HFS", "", nil].contains(data.text(.patientPosition))
        else { return result }
        let (row, column) = (orientation.row, orientation.column)
        let inPlane: SIMD3<Double>
        switch data.text(.inPlanePhaseEncodingDirection) {
        case "COL": inPlane = row * vector.x + column * vector.y
        case "ROW": inPlane = row * vector.y - column * vector.x
        default: return result
        }
        result.direction = unit(orientation.normal * vector.z - inPlane)
        return result
    }

    /// Siemens before it had elements for them, or where those were removed.
    private static func csa(_ data: Dataset) -> DiffusionWeighting? {
        guard data.privateBlock(0x0019, siemensCreator) == nil,
            let bytes = data.privateBlock(0x0029, "SIEMENS CSA HEADER")?.bytes(0x10),
            let header = CSAHeader(bytes, names: ["B_value", "DiffusionGradientDirection"])
        else { return nil }
        return DiffusionWeighting(header.numbers("B_value").first, SIMD3(header.numbers("DiffusionGradientDirection")))
    }
}
