import Volumes

extension DICOMHeader {
    /// Tables of the VOI LUT Sequence (PS3.3 C.11.2). They are looks at the image, and no damaged one keeps it from being read.
    mutating func readVOILUTs(_ data: Dataset, path: String) {
        for index in 0..<data.itemCount(.voiLUTSequence) {
            guard let item = data.item(.voiLUTSequence, index),
                let table = try? Self.voiLUT(item, isSigned: hasSignedOutput, path: path)
            else {
                ignoredVOILUTs += 1
                continue
            }
            voiLUTs.append(table)
        }
    }

    private static func voiLUT(_ item: Dataset, isSigned: Bool, path: String) throws(DICOMError) -> VOILUT {
        let descriptor = try LookupTableDescriptor(item, .lutDescriptor, isSigned: isSigned, path: path)
        guard let words = item.words(.lutData) else {
            throw DICOMError(.malformed, path: path, "a VOI LUT without LUT Data (0028,3006)")
        }
        let entries = try descriptor.entries(words, .lutData, path: path)
        return VOILUT(
            table: ModalityLUT(firstMapped: descriptor.firstMapped, values: entries.map(Float.init)),
            bits: descriptor.bits)
    }

    /// Whether values behind the Modality LUT may be below zero, which says how the first mapped value is read
    /// (PS3.3 C.11.2.1.1).
    private var hasSignedOutput: Bool {
        guard modalityLUT == nil else { return false }
        guard let rescale else { return isSigned }
        // Whether the bits are possible is looked at later.
        let count = Double(1 << min(max(bitsStored, 1), 32))
        let ends = isSigned ? [-count / 2, count / 2 - 1] : [0, count - 1]
        return ends.contains { rescale.slope * $0 + rescale.intercept < 0 }
    }
}
