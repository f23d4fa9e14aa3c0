import CStandards
import DataSets

/// Private elements of one data set, each with the creator that reserves its block (PS3.5 7.8.1): the block's number
/// differs from file to file, so rules go by creator.
struct PrivateBlocks {
    private let dataSet: DataSet
    private let policy: Policy
    /// Creators whose block has at least one element that stays.
    private var used: Set<Tag>?

    init(_ dataSet: DataSet, _ policy: Policy) { (self.dataSet, self.policy) = (dataSet, policy) }

    mutating func decide(_ element: DataElement) -> (Decision, RuleID) {
        guard policy.has(.retainSafePrivate) || !policy.keptPrivate.isEmpty else { return (.remove, .privateAttribute) }
        if element.tag.isPrivateCreator {
            let used = used ?? findUsed()
            self.used = used
            return used.contains(element.tag) ? (.keep, .safePrivate) : (.remove, .privateAttribute)
        }
        guard let vr = safeRepresentation(element) else { return (.remove, .privateAttribute) }
        switch vr {
        // A value that its table calls safe still is a date, a UID, or a sequence of elements with rules of their own.
        case .UI: return (policy.has(.retainUIDs) ? .keep : .mapUID, .safePrivate)
        case .DA, .DT:
            let decision: Decision =
                policy.has(.retainModifiedDates) ? .shiftDate : policy.has(.retainFullDates) ? .keep : .remove
            return (decision, .safePrivate)
        case .SQ: return (.enter, .safePrivate)
        default: return (.keep, .safePrivate)
        }
    }

    /// The value representation of an element that is known to be safe, or that the policy keeps; nil for others.
    private func safeRepresentation(_ element: DataElement) -> ValueRepresentation? {
        let tag = element.tag
        guard tag.element >= 0x1000, let creator = dataSet[tag.creator]?.plainText, !creator.isEmpty else { return nil }
        let low = UInt8(tag.element & 0xFF)
        if let row = standard_safe_private_for(creator, tag.group, low)?.pointee, policy.has(.retainSafePrivate) {
            let letters = UInt16(UInt8(bitPattern: row.vr.0)) | UInt16(UInt8(bitPattern: row.vr.1)) << 8
            let known = letters != 0 ? ValueRepresentation(letters: letters) : element.vr
            // Anything could stand in the place of a known value.
            guard element.items != nil || ValueSyntax.fits(element, announced: known) else { return nil }
            return element.vr == .UN ? known : element.vr
        }
        let attribute = Policy.PrivateAttribute(creator: creator, group: tag.group, element: low)
        return policy.keptPrivate.contains(attribute) ? element.vr : nil
    }

    private func findUsed() -> Set<Tag> {
        var used: Set<Tag> = []
        for element in dataSet.elements where element.tag.isPrivate && !element.tag.isPrivateCreator {
            if safeRepresentation(element) != nil { used.insert(element.tag.creator) }
        }
        return used
    }
}
