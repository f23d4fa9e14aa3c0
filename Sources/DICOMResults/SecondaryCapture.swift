import DataSets

/// A picture to look at: 8 bits of red, green and blue a pixel, row by row.
public struct ResultPicture: Sendable {
    public var width: Int
    public var height: Int
    public var bytes: [UInt8]
    /// Slice of the stack that it shows.
    public var slice: Int

    /// - Precondition: three bytes a pixel.
    public init(width: Int, height: Int, bytes: [UInt8], slice: Int) {
        precondition(bytes.count == 3 * width * height, "\(bytes.count) bytes for \(width) x \(height) pixels")
        (self.width, self.height, self.bytes, self.slice) = (width, height, bytes, slice)
    }
}

extension DICOMResults {
    /// A Secondary Capture for each picture (PS3.3 A.8.1), all in one series.
    public func captures(_ pictures: [ResultPicture]) -> [EncodedResult] {
        let series = ResultSeries(
            source: source, maker: maker, modality: "OT", number: 4, sopClassUID: "1.2.840.10008.5.1.4.1.1.7")
        return series.files(
            pictures.map { picture in
                let image: [DataElement] = [
                    .text("ImageType", "DERIVED\\SECONDARY"), .text("ConversionType", "WSD"),
                    .text("ContentDate", source.date), .text("ContentTime", source.time),
                    .text("PatientOrientation", ""),
                    .text("DerivationDescription", "Image, heatmap, boxes and scores of a detector"),
                    .text("ImageComments", "Research software. Not for clinical use."),
                    .items("SourceImageSequence", [stack.images[picture.slice].reference]),
                    .number("SamplesPerPixel", 3), .text("PhotometricInterpretation", "RGB"),
                    .number("PlanarConfiguration", 0), .number("Rows", picture.height),
                    .number("Columns", picture.width), .number("BitsAllocated", 8), .number("BitsStored", 8),
                    .number("HighBit", 7), .number("PixelRepresentation", 0),
                    .bytes("PixelData", picture.bytes, as: .OB),
                ]
                return image + source.bodyPart + source.pictureElements
            })
    }
}
