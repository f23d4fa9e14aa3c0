import Testing
import Volumes

@testable import DICOM

/// b-values and gradient directions, wherever scanners write them.
@Suite struct DiffusionTests {
    private let mr = Written.text(0x0008, 0x0060, "CS", "MR")
    private let standard = Written.doubles(0x0018, 0x9087, [1000])

    private func isClose(_ a: SIMD3<Double>?, _ b: SIMD3<Double>) -> Bool { a.map { ($0 - b).length < 1e-6 } ?? false }

    @Test func aStandardBValueDoesNotHideTheVendorsDirection() throws {
        let siemens = try Written.header([
            mr, standard, Written.text(0x0019, 0x0010, "LO", "SIEMENS MR HEADER"),
            Written.text(0x0019, 0x100C, "IS", "1005"), Written.doubles(0x0019, 0x100E, [0, 0.6, 0.8]),
        ])
        #expect(siemens.moment.bValue == 1000 && isClose(siemens.moment.direction, [0, 0.6, 0.8]))
        let philips = try Written.header([
            mr, standard, Written.text(0x2001, 0x0010, "LO", "Philips Imaging DD 001"),
            Written.text(0x2005, 0x0010, "LO", "Philips MR Imaging DD 001"), Written.doubles(0x2005, 0x10B0, [0]),
            Written.doubles(0x2005, 0x10B1, [-1]), Written.doubles(0x2005, 0x10B2, [0]),
        ])
        #expect(philips.moment.bValue == 1000 && isClose(philips.moment.direction, [0, -1, 0]))
    }

    @Test func siemensWithoutElementsForThem() throws {
        let csa = Written.csa([("B_value", ["1000"]), ("DiffusionGradientDirection", ["0.0", "0.6", "0.8"])])
        let header = try Written.header([
            mr, Written.text(0x0029, 0x0010, "LO", "SIEMENS CSA HEADER"), Written.bytes(0x0029, 0x1010, csa),
        ])
        #expect(header.moment.bValue == 1000 && isClose(header.moment.direction, [0, 0.6, 0.8]))
    }

    private func ge(
        _ bValue: String, _ vector: [String], phase: String = "COL", position: String = "HFS",
        orientation: String = "1\\0\\0\\0\\1\\0"
    ) throws -> Moment {
        try Written.header(
            [
                mr, Written.text(0x0018, 0x1312, "CS", phase), Written.text(0x0018, 0x5100, "CS", position),
                Written.text(0x0019, 0x0010, "LO", "GEMS_ACQU_01"),
            ]
                + vector.enumerated().map { Written.text(0x0019, 0x10BB + UInt16($0), "DS", $1) }
                + [
                    Written.text(0x0020, 0x0037, "DS", orientation), Written.text(0x0043, 0x0010, "LO", "GEMS_PARM_01"),
                    Written.text(0x0043, 0x1039, "IS", bValue),
                ]
        ).moment
    }

    /// As dcm2niix turns them.
    @Test func geTellsDirectionsAlongTheEncoding() throws {
        let vector = ["0", "0.6", "0.8"]
        let full = try ge("1000001000\\8\\0\\0", vector)
        #expect(full.bValue == 1000 && isClose(full.direction, [0, -0.6, 0.8]))
        #expect(isClose(try ge("1000001000\\8\\0\\0", vector, phase: "ROW").direction, [-0.6, 0, 0.8]))
        let half = try ge("1000001000\\8\\0\\0", ["0", "0.3", "0.4"])
        #expect(abs((half.bValue ?? 0) - 250) < 1e-9 && isClose(half.direction, [0, -0.6, 0.8]))
        #expect(try ge("0\\8\\0\\0", ["0", "0", "0"]).bValue == 0)
        // Of another sequence.
        #expect(try ge("7\\8\\0\\0", ["0", "0", "0"]).bValue == nil)
    }

    @Test func geDirectionsThatAreNotCertainAreLeftOut() throws {
        let vector = ["0", "0.6", "0.8"]
        let sagittal = try ge("1000001000\\8\\0\\0", vector, orientation: "0\\1\\0\\0\\0\\-1")
        #expect(sagittal.bValue == 1000 && sagittal.direction == nil)
        #expect(try ge("1000001000\\8\\0\\0", vector, position: "FFP").direction == nil)
        #expect(try ge("1000001000\\8\\0\\0", vector, phase: "OTHER").direction == nil)
    }

    @Test func singleFramesMayHoldTheMacro() throws {
        let direction = Written.sequence(0x0018, 0x9076, [Written.doubles(0x0018, 0x9089, [0, 0.6, 0.8])])
        let header = try Written.header([mr, Written.sequence(0x0018, 0x9117, [direction + standard])])
        #expect(header.moment.bValue == 1000 && isClose(header.moment.direction, [0, 0.6, 0.8]))
    }

    @Test func directionsAreUnitVectors() throws {
        for direction in [[0, 0.3, 0.4], [0, 6, 8]] {
            let header = try Written.header([mr, standard, Written.doubles(0x0018, 0x9089, direction)])
            #expect(isClose(header.moment.direction, [0, 0.6, 0.8]))
        }
        let huge = try Written.header([mr, standard, Written.doubles(0x0018, 0x9089, [1e300, 0, 0])])
        #expect(huge.moment.direction == nil)
    }

    @Test func theAxisOfABMatrixIsTheDirection() {
        func matrix(_ axis: SIMD3<Double>, _ bValue: Double) -> BMatrix {
            let v = axis * bValue.squareRoot()
            return BMatrix(xx: v.x * v.x, xy: v.x * v.y, xz: v.x * v.z, yy: v.y * v.y, yz: v.y * v.z, zz: v.z * v.z)
        }
        for axis: SIMD3<Double> in [[1, 0, 0], [0, 0.6, 0.8], [-0.48, 0.6, 0.64], [0, 0, 1]] {
            #expect(abs(matrix(axis, 1000).bValue - 1000) < 1e-6)
            #expect(abs((matrix(axis, 1000).direction ?? .zero).dot(axis)) > 1 - 1e-9)
            #expect(matrix(axis, 1000).direction == matrix(-axis, 1000).direction)
        }
        #expect(BMatrix(xx: 333, xy: 0, xz: 0, yy: 333, yz: 0, zz: 334).direction == nil)
        #expect(BMatrix(xx: 0, xy: 0, xz: 0, yy: 0, yz: 0, zz: 0).direction == nil)
    }

    // MARK: Series

    private func series(_ weightings: [(Double, SIMD3<Double>?)]) -> [Series] {
        SeriesReader.group(
            weightings.enumerated().flatMap { number, weighting in
                Synthetic.stack([0, 3, 6], number: number) {
                    ($0.moment.bValue, $0.moment.direction, $0.acquisitionNumber) = (
                        weighting.0, weighting.1, number + 1
                    )
                }
            })
    }

    /// A fit of tensors would take a zero vector at b = 1000 for a measurement.
    @Test func averagesStandApartFromDirections() {
        let found = series([(0, nil), (1000, [1, 0, 0]), (1000, [0, 1, 0]), (1000, nil)])
        #expect(
            found.map(\.channelAxis) == [
                .diffusion(bValues: [0, 1000, 1000], directions: [nil, [1, 0, 0], [0, 1, 0]]),
                .diffusion(bValues: [1000], directions: [nil]),
            ])
        #expect(found.map { $0.notes.map(\.code) } == [[], [.noGradientDirection]])
        let averages = series([(0, nil), (500, nil), (1000, nil)])
        #expect(averages.map(\.parts.count) == [3] && averages[0].notes.map(\.code) == [.noGradientDirection])
        // b = 5 stands for b = 0.
        #expect(series([(5, nil), (1000, [1, 0, 0])]).map(\.parts.count) == [2])
    }

    @Test func oneWeightingAloneIsTold() {
        #expect(series([(1000, [1, 0, 0])])[0].channelAxis == .diffusion(bValues: [1000], directions: [[1, 0, 0]]))
        #expect(series([(0, nil)])[0].channelAxis == .none)
        let map = SeriesReader.group(
            Synthetic.stack([0, 3]) { ($0.moment.bValue, $0.imageType) = (1000, ["DERIVED", "PRIMARY", "ADC"]) })
        #expect(map[0].channelAxis == .none)
    }

    @Test func diffusionWithoutBValuesIsNoTime() {
        let headers = (0..<3).flatMap { number in
            Synthetic.stack([0, 3], number: number) {
                $0.imageType = ["ORIGINAL", "PRIMARY", "DIFFUSION"]
                $0.moment.acquisitionTime = Double(number) * 8
            }
        }
        let found = SeriesReader.group(headers)
        #expect(found.map(\.channelAxis) == [.none] && found[0].notes.map(\.code) == [.weightingsUnknown])
    }
}
