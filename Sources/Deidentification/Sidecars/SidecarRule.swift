import CStandards
import DataSets

/// What may stand under a key of a sidecar. A key that no rule knows goes with all below it.
indirect enum SidecarRule: Sendable {
    /// Means what an attribute of DICOM means: the policy's rule for that decides.
    case attribute(Tag)
    /// Numbers, flags and arrays of them.
    case numbers
    /// The same of any size: activities, rates.
    case quantities
    /// Words of a list.
    case oneOf(Set<String>)
    /// Capitals, digits and marks, as scanners name coils and channels.
    case code
    /// The value of a BIDS entity: what stands in names, too.
    case label(String)
    /// Files of the same data set.
    case paths
    /// SOP Instance UIDs, each with "#" and a frame number behind it where there are frames.
    case instances
    /// The number of a program's version.
    case version
    /// An object, or several, whose members have rules of their own.
    case object([String: SidecarRule])
    /// An object whose members have the rules of the top.
    case scope
    case constant(String)

    /// The rule for a key of the top level, or of a `scope`.
    static func at(_ key: String) -> SidecarRule? {
        if let rule = known[key] { return rule }
        return keywords[key].map { .attribute($0) }
    }

    /// Attributes by their keywords (PS3.6), which dcm2niix, dcmstack and BIDS use where they can.
    private static let keywords: [String: Tag] = {
        var tags: [String: Tag] = [:]
        for index in 0..<standard_element_count() {
            let element = standard_element_at(index)!.pointee
            let (tag, keyword) = (Tag(element.tag), String(cString: element.keyword))
            // Not of files, and not those that say how a data set is encoded.
            guard !keyword.isEmpty, tag.group > 0x0004, tag.group != 0xFFFE, tag != .specificCharacterSet else {
                continue
            }
            tags[keyword] = tag
        }
        return tags
    }()

    static func representation(of tag: Tag) -> ValueRepresentation {
        standard_element_for(tag.number).map { ValueRepresentation($0.pointee) } ?? .UN
    }
}

extension ValueRepresentation {
    /// Whether values are numbers, as words or as digits.
    var isNumeric: Bool {
        switch self {
        case .DS, .IS, .FD, .FL, .SL, .SS, .SV, .UL, .US, .UV, .OF, .OD, .OL: true
        default: false
        }
    }
}
