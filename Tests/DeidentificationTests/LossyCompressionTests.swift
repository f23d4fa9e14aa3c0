import DataSets
import TestSupport
import Testing

@testable import Deidentification

@Suite struct LossyCompressionTests {
    /// What a codec lost is told of for good, also when its frames are decoded.
    @Test(arguments: [
        ("us_ybr_30frames_jpeg", "01", "ISO_10918_1"), ("nm_jpeg_extended_12bit", "01", "ISO_10918_1"),
        ("mr_small_jpeg_lossless", "", ""), ("mr_small_rle", "", ""), ("mr_small_jpegls", "", ""),
        ("mr_small_jpeg2000", "", ""), ("pixels/j2k_lossy_u8", "01", "ISO_15444_1"),
    ]) func historyStays(_ name: String, _ isLossy: String, _ method: String) throws {
        let file = try PartTenFile(path: Fixtures.path("\(name).dcm"))
        var dataSet = file.dataSet
        for tag in [LossyCompression.isLossy, LossyCompression.method] { dataSet.remove(tag) }
        RedrawnPixels([0], file).apply(to: &dataSet)
        #expect(dataSet.text(LossyCompression.isLossy) == isLossy)
        #expect(dataSet.text(LossyCompression.method) == method)
    }
}
