import Cryptography
import DataSets

/// What was found in one volume, as DICOM objects of the same study.
public struct DICOMResults: Sendable {
    public var source: ResultSource
    public var maker: ResultMaker
    public var stack: ResultStack
    public var findings: [ResultFinding]
    /// How many were found at or above `threshold`: more than `findings` where only the surest are reported.
    public var count: Int
    /// Least score of a finding, in [0, 1]; nil where nobody said.
    public var threshold: Double?
    /// Probability in [0, 1] that the image shows anything abnormal.
    public var abnormality: Double?

    /// - Parameter count: nil where all that were found are reported.
    public init(
        source: ResultSource, maker: ResultMaker, stack: ResultStack, findings: [ResultFinding], count: Int? = nil,
        threshold: Double? = nil, abnormality: Double?
    ) {
        (self.source, self.maker, self.stack) = (source, maker, stack)
        (self.findings, self.abnormality) = (findings, abnormality)
        (self.count, self.threshold) = (count ?? findings.count, threshold)
    }

    /// The same findings in images of nobody: objects of these hold what is the program's own, and nothing of a patient.
    public var ofNobody: DICOMResults {
        get throws(ResultError) {
            var results = self
            results.source = try ResultSource(
                DataSet(of: [.text("StudyInstanceUID", "0"), .text("SeriesInstanceUID", "0")]))
            for index in stack.images.indices { results.stack.images[index].sopInstanceUID = "0.\(index)" }
            return results
        }
    }

    /// The same for one finding in all objects, so that a reader sees that they speak of one thing.
    func trackingUID(_ finding: ResultFinding) -> String {
        let image = stack.images[finding.keySlice]
        let text = [
            "finding", image.sopInstanceUID, "\(image.frame ?? 0)", "\(finding.outline)", finding.label,
            maker.modelDigest,
        ].joined(separator: "\u{1F}")
        return UID.made(from: SHA256Digest.of(Array(text.utf8)))
    }

    /// Referenced Series Sequence over the given instances (PS3.3 C.11.11, C.12.2).
    func referencedSeries(_ instances: [DataSet], as keyword: String) -> DataElement {
        .items(
            "ReferencedSeriesSequence",
            [
                DataSet(of: [
                    .text("SeriesInstanceUID", source.seriesInstanceUID), .items(keyword, instances),
                ])
            ])
    }
}
