public import DataSets

/// What is known of a file's pixels beyond their header, and what becomes of them.
public struct PixelOutcome: Sendable {
    /// Every frame was looked at for text, or had the places blanked that a rule names, and what was found is black.
    public var isFreeOfText = false
    /// A head whose face was removed.
    public var isFreeOfFeatures = false
    /// Changes to the bytes of uncompressed pixels.
    public var patches: [SourcePatch] = []
    /// In place of compressed pixels that had to change.
    public var redrawn: RedrawnPixels?

    public static let notExamined = PixelOutcome()

    public init() {}

    public static func textFree(patches: [SourcePatch] = [], redrawn: RedrawnPixels? = nil) -> PixelOutcome {
        var outcome = PixelOutcome()
        (outcome.isFreeOfText, outcome.patches, outcome.redrawn) = (true, patches, redrawn)
        return outcome
    }

    /// Whether a method may be claimed.
    func earns(_ option: ProfileOption) -> Bool {
        switch option {
        case .cleanPixelData: isFreeOfText
        case .cleanRecognizableVisualFeatures: isFreeOfFeatures
        default: true
        }
    }
}

/// All frames of a file, decoded: what a compressed image becomes when one of its frames changes. Compressing again would
/// lose what a lossy codec has kept.
public struct RedrawnPixels: Sendable {
    private let bytes: [UInt8]
    private let isColor: Bool
    private let isWide: Bool
    private let lossyMethod: String?

    /// - Parameter bytes: little endian words of 8 or 16 bits, gray, or red, green and blue of each pixel in turn.
    public init(_ bytes: [UInt8], _ file: PartTenFile) {
        self.bytes = bytes
        let pixels =
            (file.integer(.rows) ?? 0) * (file.integer(.columns) ?? 0) * max(1, file.integer(.numberOfFrames) ?? 1)
        isColor =
            file.integer(.samplesPerPixel) == 3 || file.dataSet.text(.photometricInterpretation) == "PALETTE COLOR"
        lossyMethod = LossyCompression.method(of: file)
        isWide = pixels > 0 && bytes.count / pixels / (isColor ? 3 : 1) == 2
    }

    /// Uncompressed pixels need no more elements than these (PS3.3 C.7.6.3).
    func apply(to dataSet: inout DataSet) {
        let bits: UInt8 = isWide ? 16 : 8
        func set(_ tag: Tag, _ value: UInt8) { dataSet.set(DataElement(tag, .US, .bytes([value, 0]))) }
        set(.bitsAllocated, bits)
        if isColor {
            set(.samplesPerPixel, 3)
            set(Tag(0x0028, 0x0006), 0)
            set(.bitsStored, bits)
            set(.highBit, bits - 1)
            set(.pixelRepresentation, 0)
            dataSet.set(DataElement(.photometricInterpretation, .CS, text: "RGB"))
            for element in dataSet.elements
            where (0x1101...0x1223).contains(element.tag.element) && element.tag.group == 0x0028 {
                dataSet.remove(element.tag)
            }
        } else if let stored = dataSet[.bitsStored]?.bytes?.first {
            set(.highBit, stored - 1)
        }
        if let lossyMethod {
            dataSet.set(DataElement(LossyCompression.isLossy, .CS, text: "01"))
            if dataSet.text(LossyCompression.method).isEmpty {
                dataSet.set(DataElement(LossyCompression.method, .CS, text: lossyMethod))
            }
        }
        // Extended offset tables point into what is gone.
        dataSet.remove(Tag(0x7FE0, 0x0001))
        dataSet.remove(Tag(0x7FE0, 0x0002))
        dataSet.set(DataElement(.pixelData, isWide ? .OW : .OB, .bytes(bytes[...])))
    }
}
