import DataSets
import Volumes

@testable import DICOMResults

/// The header of a slice of an MR series.
func makeHeader(_ more: [DataElement] = [], without keywords: [String] = []) -> DataSet {
    var header = DataSet(of: [
        .text("SpecificCharacterSet", "ISO_IR 100"), .text("StudyDate", "20260203"), .text("StudyTime", "101112"),
        .text("ContentDate", "20260204"), .text("ContentTime", "101500.25"), .text("Modality", "MR"),
        .bytes("PatientName", Array("M".utf8) + [0xFC] + Array("ller^Ada".utf8)), .text("PatientID", "42"),
        .text("StudyInstanceUID", "1.2.3"), .text("SeriesInstanceUID", "1.2.3.4"), .text("SeriesNumber", "5"),
        .text("FrameOfReferenceUID", "1.2.3.9"),
    ])
    header.add(more)
    for keyword in keywords { header.remove(Tag(keyword: keyword)!) }
    return header
}

/// Two findings in a stack of four slices of 6 x 10 pixels, the second larger than one slice.
func makeResults(
    header: DataSet = makeHeader(), findings: [ResultFinding]? = nil, hasPositions: Bool = true,
    slope: Double? = nil, isInverted: Bool = false, isColor: Bool = false
) throws -> DICOMResults {
    let images = try (0..<4).map { slice in
        try ResultImage(
            sopClassUID: "1.2.840.10008.5.1.4.1.1.4", sopInstanceUID: "1.2.3.4.\(slice)", frame: nil,
            position: hasPositions ? [-5 + 2 * Double(slice) + (slice == 3 ? 0.5 : 0), 7, 1.5] : nil,
            rescale: slope.map { Rescale(slope: $0 * Double(slice + 1), intercept: -1) }, modalityLUT: nil,
            windows: [Window(center: 40, width: 80)])
    }
    let stack = ResultStack(
        images: images, rows: 6, columns: 10,
        geometry: Geometry(origin: [-5, 7, 1.5], xStep: [0, 0.5, 0], yStep: [0, 0, -0.25], zStep: [2, 0, 0]),
        isInverted: isInverted, isColor: isColor)
    return DICOMResults(
        source: try ResultSource(header),
        maker: ResultMaker(program: "Hilum", version: "1", model: "brain", modelDigest: "abcd"), stack: stack,
        findings: findings ?? [
            ResultFinding(
                label: "glioma", confidence: 0.93456, box: Box(x: 1.2...4.9, y: 2...3.4, slice: 1), keySlice: 1,
                keyBox: Box(x: 1.2...4.9, y: 2...3.4, slice: 1)),
            ResultFinding(
                label: "a class with a rather long name", confidence: 0.5,
                box: Box(lower: [6, 0, 1], upper: [10, 6, 4]), keySlice: 2, keyBox: Box(x: 6...10, y: 0...6, slice: 2)),
        ], abnormality: 0.9876)
}

/// A result as a reader finds it.
func reread(_ result: EncodedResult) throws -> PartTenFile { try PartTenFile(ByteSource(result.bytes)) }

extension PartTenFile {
    /// Pixel Data, wherever the parser left it.
    var pixels: [UInt8] {
        get throws {
            switch dataSet["PixelData"]?.value {
            case .bytes(let bytes): Array(bytes)
            case .stored(let range): Array(try source.bytes(range))
            default: []
            }
        }
    }
}

extension DataSet {
    /// The text of an element by its keyword.
    func value(_ keyword: String) -> String { self[keyword]?.plainText ?? "" }

    func item(_ keyword: String, _ index: Int = 0) -> DataSet { self[keyword]?.items?[index] ?? DataSet() }

    /// Words of 16 or 32 bits.
    func words(_ keyword: String) -> [Int] {
        guard let element = self[keyword], let bytes = element.bytes else { return [] }
        let size = element.vr.wordSize
        return stride(from: bytes.startIndex, to: bytes.endIndex, by: size).map { start in
            bytes[start..<start + size].reversed().reduce(0) { $0 << 8 | Int($1) }
        }
    }

    func floats(_ keyword: String) -> [Float] { words(keyword).map { Float(bitPattern: UInt32($0)) } }
}
