import Cryptography
public import DataSets

/// Who found it: a model in a program.
public struct ResultMaker: Sendable {
    public var program: String
    public var version: String
    public var model: String
    /// SHA-256 of the model, hexadecimal.
    public var modelDigest: String

    public init(program: String, version: String, model: String, modelDigest: String) {
        (self.program, self.version, self.model, self.modelDigest) = (program, version, model.asOneValue, modelDigest)
    }

    /// General and Enhanced General Equipment (PS3.3 C.7.5.1, C.7.5.2). What computed is the model: its digest stands
    /// for a serial number.
    var equipment: [DataElement] {
        [
            .text("Manufacturer", program), .text("ManufacturerModelName", limited(model, to: 64)),
            .text("DeviceSerialNumber", modelDigest.isEmpty ? "0" : limited(modelDigest, to: 64)),
            .text("SoftwareVersions", version),
        ]
    }
}

/// What all objects of a result have in common, and how they become files.
///
/// Objects are named by their content: UIDs are hashes of all that is in them. So the same findings are the same objects
/// however often they are made, and others are others.
struct ResultSeries {
    let source: ResultSource
    let maker: ResultMaker
    /// "SR", "SEG", "PR", "OT"
    let modality: String
    /// Added to a hundred times the source's Series Number.
    let number: Int
    let sopClassUID: String

    /// Files of the given objects, which become one series.
    ///
    /// - Parameter contents: what tells each from a bare object of the series.
    func files(_ contents: [[DataElement]]) -> [EncodedResult] {
        let drafts = contents.enumerated().map { index, content in
            var draft = source.patientAndStudy
            draft.add(maker.equipment + common)
            draft.add([.text("InstanceNumber", "\(index + 1)")] + content)
            return draft
        }
        let seriesUID = uid(of: drafts.flatMap { Self.encoded($0).bytes })
        return drafts.map { draft in
            var object = draft
            object.set(.text("SeriesInstanceUID", seriesUID))
            object.set(.text("SOPInstanceUID", uid(of: Self.encoded(object).bytes)))
            return Self.encoded(object)
        }
    }

    private var common: [DataElement] {
        let inSource = source.seriesNumber.flatMap { (0..<1_000_000).contains($0) ? $0 : nil }
        return [
            .text("SpecificCharacterSet", "ISO_IR 192"), .text("SOPClassUID", sopClassUID),
            .text("Modality", modality), .text("SeriesNumber", "\((inSource ?? 99) * 100 + number)"),
            .text("SeriesDescription", "Findings by \(maker.program), not for clinical use"),
        ]
    }

    private func uid(of bytes: [UInt8]) -> String { UID.made(from: SHA256Digest.of(bytes)) }

    private static func encoded(_ dataSet: DataSet) -> EncodedResult {
        let meta = FileMeta.elements(
            sopClass: dataSet["SOPClassUID"]?.plainText ?? "", sopInstance: dataSet["SOPInstanceUID"],
            transferSyntax: Encoding.explicitLittleEndian.transferSyntax)
        return EncodedResult(PartTenWriter.encodeInMemory(meta: meta, dataSet))
    }
}

/// A file of PS3.10 in memory.
public struct EncodedResult: Sendable {
    /// With the place of each value, for a proof that nothing stands where it must not.
    public let plan: EncodedDataSet
    public var bytes: [UInt8] { plan.bytes }

    init(_ plan: EncodedDataSet) { self.plan = plan }
}
