import DataSets

/// Where an original value may stand in an output, because a rule keeps it there or because it is there by chance.
enum Permission {
    /// - Parameters:
    ///   - text: the needle as it stands there.
    ///   - span: the element that holds the place; nil between elements, where nothing may be.
    static func allows(_ needle: Needle, _ text: some Collection<UInt8>, in span: EncodedDataSet.Span?) -> Bool {
        guard let span else { return needle.kind == .description && needle.isWord }
        if span.vr.wordSize > 1 { return needle.mayBeWords }
        if span.vr.isBulk { return needle.mayBeBytes }
        switch span.vr {
        // Dates that were moved may meet another that was not, and numbers that are an identity of the file went before
        // (`IdentitySearch`): a part of a longer one is so by chance.
        case .DA, .DT, .TM, .DS, .IS, .AS: return true
        case .UI: return span.isOriginal
        case .CS where span.isOriginal && Vocabulary.isTerm(text): return true
        // Files are called by what they are: the cleaning knows which codes a file needs.
        case .CS where needle.origin == Tag(0): return true
        case _ where span.tag == .codeValue && needle.kind == .date: return true
        // A word of a path may be no name, and where a rule wrote none can be.
        default: return needle.kind == .description || needle.origin == Tag(0) && !span.isOriginal
        }
    }
}
