/// Why an item cannot be put together or written, where no other module is to blame. Never holds patient data.
struct ItemError: Error, Sendable, CustomStringConvertible {
    enum Code: String, Sendable {
        /// Voxels that the type asked for cannot hold.
        case valueRange = "value-range"
        /// An array that the format asked for cannot hold.
        case tooLarge = "too-large"
        /// Labels, boxes or a sequence on another grid than the image that they belong to.
        case gridMismatch = "grid-mismatch"
        /// A file that is named as labels or boxes and cannot be such.
        case invalidLabels = "invalid-labels"
        /// Labels or sequences whose image, or whose others, are not there, or several where one is meant.
        case incomplete
        /// A file that another item of the run writes, too.
        case outputExists = "output-exists"
        /// DICOM results of an image that no DICOM study holds, or that they cannot speak of.
        case noDICOMResult = "no-dicom-result"
    }

    var code: Code
    /// What is wrong and what to do.
    var description: String

    init(_ code: Code, _ description: String) { (self.code, self.description) = (code, description) }
}
