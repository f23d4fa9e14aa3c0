public import Volumes

/// Parts of the body that are found by their values, their connection and their size.
public enum BodyPart: String, Sendable, CaseIterable {
    case body, head, lungs
}

/// Where a part of the body is, and why that may be wrong.
public struct FoundRegion: Sendable {
    /// 1 for voxels of the part; empty when none was found.
    public var mask: Mask
    /// What a person should look at: "no lungs found: ...". Nil when nothing speaks against the mask.
    public var doubt: String?
}

extension Volume {
    /// Finds a part of the body in the first channel.
    ///
    /// - Throws: `TransformError` for NaN or infinite voxels, stored values that are not HU yet, and for head and lungs in
    ///   images that cannot show them: no volume, no physical size, lungs outside CT.
    public func region(_ part: BodyPart) throws(TransformError) -> FoundRegion {
        guard !attributes.hasStoredValues else {
            throw TransformError(
                .missingInformation, "\(part.rawValue) is found by output values; put rescale before it")
        }
        switch part {
        case .body: return try body()
        case .head: return try head()
        case .lungs: return try lungs()
        }
    }

    /// Values above this are tissue: -500 HU in CT; elsewhere half way from the least value to Otsu's threshold, since dark
    /// tissue is body too.
    func tissueThreshold() throws(TransformError) -> Float {
        if modality == .ct { return -500 }
        let least = try Sample(.floats(firstChannel)).least
        return least + (try otsuThreshold() - least) / 2
    }

    /// The largest connected part of what is not air, its holes filled slice by slice: airways and bowel gas belong to it.
    private func body() throws(TransformError) -> FoundRegion {
        let tissue = try mask(within: tissueThreshold().nextUp ... .infinity)
        let body = tissue.largestPart().filled(inSlices: true)
        let share = Double(body.labels.count { $0 != 0 }) / Double(body.labels.count)
        if share < 0.01 {
            return FoundRegion(mask: body, doubt: "no body found: \(percent(share)) of the image are tissue")
        }
        if modality == .ct, !tissue.labels.contains(0) {
            return FoundRegion(mask: body, doubt: "no air found: the values do not look like HU")
        }
        return FoundRegion(mask: body, doubt: nil)
    }
}

/// "12.5 %"
private func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10) %" }
