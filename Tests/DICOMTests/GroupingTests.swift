import TestSupport
import Testing
import Volumes

@testable import DICOM

@Suite struct GroupingTests {
    private func ctSeries() throws -> [DICOMHeader] {
        try Fixtures.files(in: "ct-series").map { try DICOMFile.header(path: $0) }
    }

    @Test func orderDoesNotDependOnTheFiles() throws {
        var headers = try ctSeries()
        headers += try ["mr_small.dcm", "cr_monochrome1.dcm", "us_rgb.dcm", "sr_no_pixels.dcm", "ct_small.dcm"]
            .map { try DICOMFile.header(path: Fixtures.path($0)) }
        let first = SeriesReader.group(headers).map { $0.headers.map(\.path) }
        #expect(first.count == 6)
        #expect(first.joined().count == headers.count)
        var random = SeededGenerator(seed: 1)
        for _ in 0..<5 {
            #expect(SeriesReader.group(headers.shuffled(using: &random)).map { $0.headers.map(\.path) } == first)
        }
    }

    /// Localizers, echoes and other sizes in one series are other volumes.
    @Test func whatMakesAnotherVolume() throws {
        let changes: [@Sendable (inout DICOMHeader) -> Void] = [
            { $0.imageOrientationPatient = Orientation(row: [1, 0, 0], column: [0, 0, -1]) },
            { $0.imageType = ["ORIGINAL", "PRIMARY", "LOCALIZER"] }, { $0.rows = 24 }, { $0.echoNumbers = [2] },
            { $0.temporalPosition = 2 }, { $0.pixelSpacing = PixelSpacing(betweenRows: 1, betweenColumns: 1) },
            { $0.seriesInstanceUID += ".1" }, { $0.imagePositionPatient = nil },
        ]
        for change in changes {
            var headers = try ctSeries()
            change(&headers[9])
            #expect(SeriesReader.group(headers).map(\.headers.count).sorted() == [1, 9])
        }
    }

    @Test func roundingOfCosinesIsNoOtherVolume() throws {
        var headers = try ctSeries()
        headers[3].imageOrientationPatient?.row.y += 0.00001
        #expect(SeriesReader.group(headers).count == 1)
    }

    @Test func acquisitionNumbersSplitOnlyRepeatedPositions() throws {
        var headers = try ctSeries()
        for index in headers.indices { headers[index].acquisitionNumber = index }
        #expect(SeriesReader.group(headers).count == 1)
        let first = headers.map { header in
            var header = header
            header.acquisitionNumber = 1
            return header
        }
        let second = first.map { header in
            var header = header
            (header.acquisitionNumber, header.sopInstanceUID) = (2, header.sopInstanceUID + ".2")
            return header
        }
        let repeated = SeriesReader.group(first + second)
        #expect(repeated.map(\.headers.count) == [20])
        #expect(repeated.map(\.parts.count) == [2])
    }

    /// Pictures stand alone, however often they are there under one UID; slices are used once.
    @Test func copiesOfPicturesAndOfSlices() throws {
        let picture = Synthetic.slice(0) { $0.imagePositionPatient = nil }
        var other = picture
        other.path = "folder/other"
        #expect(SeriesReader.group([picture, other]).map(\.headers.count) == [1, 1])
        var copy = Synthetic.slice(0)
        copy.path = "folder/copy"
        let series = SeriesReader.group(Synthetic.stack([3]) + [Synthetic.slice(0), copy])
        #expect(series.map(\.headers.count) == [3])
        let layout = try SeriesReader.layout(series[0])
        #expect(layout.shape.depth == 2)
        #expect(layout.warnings.map(\.code) == [.copyIgnored])
    }

    /// PS3.3 C.7.4.1: positions in two frames of reference cannot be compared.
    @Test func framesOfReferenceAreNotMixed() throws {
        let frames: [String?] = ["1.9", "1.10", "1.9", "1.10", nil, nil]
        let headers = Synthetic.stack([0, 3, 6, 9, 12, 15]) {
            $0.frameOfReferenceUID = frames[Int($0.imagePositionPatient!.z / 3)]
        }
        let series = SeriesReader.group(headers)
        #expect(series.map(\.headers.count) == [2, 2, 2])
        #expect(series.allSatisfy { $0.notes.map(\.code) == [.severalFramesOfReference] })
        // Missing in some of the files of the only one.
        let careless = Synthetic.stack([0, 3, 6]) {
            $0.frameOfReferenceUID = $0.imagePositionPatient!.z == 3 ? nil : "1.9"
        }
        #expect(SeriesReader.group(careless).map(\.headers.count) == [3])
        #expect(SeriesReader.group(careless)[0].notes.isEmpty)
    }

    @Test func patientsAreNotMixed() throws {
        let headers = Synthetic.stack([0, 3, 6]) {
            $0.patientKey = ["", "A", "B"][Int($0.imagePositionPatient!.z / 3)]
        }
        let error = #expect(throws: DICOMError.self) { try SeriesReader.layout(SeriesReader.group(headers)[0]) }
        #expect(error?.code == .unsupportedLayout && error?.message.contains("2 different Patient IDs") == true)
        #expect(throws: Never.self) { try SeriesReader.layout(SeriesReader.group(Array(headers.prefix(2)))[0]) }
    }

    /// A volume of even gaps from which every second file is gone, and one whose tag is only wrong.
    @Test func everySecondSliceMayBeMissing() throws {
        func codes(_ step: Int) throws -> [ReadWarning.Code] {
            let headers = Synthetic.stack([0, 6, 12, 18]) { header in
                header.spacingBetweenSlices = 3
                header.instanceNumber = header.instanceNumber! / 6 * step
            }
            return try SeriesReader.layout(SeriesReader.group(headers)[0]).warnings.map(\.code)
        }
        #expect(try codes(2) == [.slicesSkipped])
        #expect(try codes(-2) == [.slicesSkipped])
        #expect(try codes(1).isEmpty)
    }

    @Test(arguments: [(true, Float(-2048), false), (true, -2049, true), (false, 4095, false), (false, 63536, true)])
    func paddingBeyondTheStoredBitsIsReported(isSigned: Bool, value: Float, isReported: Bool) throws {
        let header = Synthetic.slice(0) { header in
            (header.isSigned, header.paddingRange, header.sliceThickness) = (isSigned, value...value, 3)
        }
        let warnings = try SeriesReader.layout(SeriesReader.group([header])[0]).warnings
        #expect(warnings.map(\.code) == (isReported ? [.paddingUnreachable] : []))
    }

    @Test(arguments: [(1.0, false), (2, true)]) func pixelsThatAreNotSquareAreReported(aspect: Double, isReported: Bool)
        throws
    {
        let header = Synthetic.slice(0) { header in
            (header.imagePositionPatient, header.pixelSpacing, header.pixelAspect) = (nil, nil, aspect)
        }
        let warnings = try SeriesReader.layout(SeriesReader.group([header])[0]).warnings
        #expect(warnings.contains { $0.code == .pixelsNotSquare } == isReported)
    }

    @Test func slopesThatAreMissingInSomeSlicesAreReported() throws {
        let headers = Synthetic.stack([0, 3, 6]) { header in
            header.rescale = header.imagePositionPatient!.z == 3 ? nil : Rescale(slope: 2, intercept: 5)
        }
        let warnings = try SeriesReader.layout(SeriesReader.group(headers)[0]).warnings
        #expect(warnings.map(\.code) == [.rescaleMissing] && warnings[0].message.hasPrefix("1 of 3 slices"))
    }

    @Test func slicesOfOtherUnitsAreRefused() {
        let headers = Synthetic.stack([0, 3, 6]) { $0.unit = $0.imagePositionPatient!.z == 3 ? "HU" : nil }
        let error = #expect(throws: DICOMError.self) { try SeriesReader.layout(SeriesReader.group(headers)[0]) }
        #expect(error?.code == .unsupportedLayout)
    }

    @Test func oneUIDForTwoSlicesIsRefused() throws {
        var headers = Synthetic.stack([0, 3, 6])
        headers[1].sopInstanceUID = headers[0].sopInstanceUID
        let series = SeriesReader.group(headers)
        let error = #expect(throws: DICOMError.self) { try SeriesReader.layout(series[0]) }
        #expect(error?.message.contains("SOP Instance UID") == true)
    }

    @Test func recognisesDICOM() throws {
        for name in ["ct_small.dcm", "DICOMDIR", "mr_small_big_endian.dcm"] {
            #expect(DICOMFile.isDICOM(prefix: Array(try Fixtures.bytes(name).prefix(DICOMFile.prefixLength))))
        }
        // Without preamble and file meta information the data set stands first.
        let bytes = try Fixtures.bytes("mr_small_implicit.dcm")
        let start = try #require(
            bytes.indices.first { bytes[$0...].starts(with: [8, 0, 5, 0]) || bytes[$0...].starts(with: [8, 0, 8, 0]) })
        #expect(DICOMFile.isDICOM(prefix: Array(bytes[start...].prefix(132))))
        let scratch = try Scratch()
        let header = try DICOMFile.header(path: scratch.write(bytes[start...], "bare.dcm"))
        #expect(header.transferSyntaxUID == "1.2.840.10008.1.2")
        let (volume, _) = try SeriesReader.read(SeriesReader.group([header])[0])
        let (whole, _) = try PixelTests.read("mr_small.dcm")
        #expect(volume.voxels == whole.voxels)
        for name in ["anatomical.nii", "gray8.png", "gray.jpg", "README.md"] {
            #expect(!DICOMFile.isDICOM(prefix: Array(try Fixtures.bytes(name).prefix(DICOMFile.prefixLength))))
        }
    }
}
