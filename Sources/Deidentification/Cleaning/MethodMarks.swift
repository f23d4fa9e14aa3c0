import DataSets

/// What a file says of how it was de-identified: (0012,0064) and (0028,0303), by what this run and earlier ones did (PS3.15
/// E.2; CID 7050).
struct MethodMarks {
    let temporal: TemporalInformation
    /// In the order of their values.
    let codes: [DeidentificationCode]

    /// - Parameter original: may have been de-identified before. Dates that went then are not back, and what was cleaned
    ///   stays clean; what was retained then is told of only where it is retained now.
    init(_ policy: Policy, _ pixels: PixelOutcome, original: DataSet) {
        let before = TemporalInformation(rawValue: original.text(.longitudinalTemporalInformationModified))
        let temporal = max(policy.temporalInformation, before ?? .unmodified)
        var options = Set(Self.options(policy, temporal).filter(pixels.earns))
        for option in Self.options(statedBy: original) {
            switch option {
            case .cleanPixelData, .cleanRecognizableVisualFeatures, .cleanGraphics, .cleanStructuredContent,
                .cleanDescriptors:
                options.insert(option)
            case .retainModifiedDates where temporal == .modified && policy.has(.retainFullDates):
                options.insert(option)
            default: break
            }
        }
        self.temporal = temporal
        codes = [.basicProfile] + options.sorted().map(\.code)
    }

    /// Options that a policy carries out in full, as far as attributes go.
    private static func options(_ policy: Policy, _ temporal: TemporalInformation) -> [ProfileOption] {
        policy.options.filter { policy.fulfils($0) && ($0.temporalInformation ?? temporal) == temporal }
    }

    /// By their codes in a data set; other codes have no meaning here.
    private static func options(statedBy dataSet: DataSet) -> Set<ProfileOption> {
        let items = dataSet[.deidentificationMethodCodeSequence]?.items ?? []
        let values = Set(items.filter { $0.text(.codingSchemeDesignator) == "DCM" }.map { $0.text(.codeValue) })
        return Set(ProfileOption.allCases.filter { values.contains($0.code.value) })
    }

    func write(to dataSet: inout DataSet) {
        let items = codes.map { code in
            DataSet([
                DataElement(.codeValue, .SH, text: code.value),
                DataElement(.codingSchemeDesignator, .SH, text: "DCM"),
                DataElement(.codeMeaning, .LO, text: code.meaning),
            ])
        }
        dataSet.set(DataElement(.deidentificationMethodCodeSequence, .SQ, .items(items)))
        dataSet.set(DataElement(.longitudinalTemporalInformationModified, .CS, text: temporal.rawValue))
    }

    /// What a finished file says otherwise than files of a policy do; its pixels and its original tell more.
    static func problems(of dataSet: DataSet, under policy: Policy) -> [String] {
        var problems: [String] = []
        let temporal = TemporalInformation(rawValue: dataSet.text(.longitudinalTemporalInformationModified))
        if temporal.map({ $0 < policy.temporalInformation }) ?? true {
            problems.append(
                "\(Tag.longitudinalTemporalInformationModified): dates were not treated by the report's policy")
        }
        let stated = options(statedBy: dataSet)
        let aboutPixels: Set<ProfileOption> = [.cleanPixelData, .cleanRecognizableVisualFeatures]
        let missing = Set(options(policy, temporal ?? .unmodified)).subtracting(aboutPixels).subtracting(stated)
        let foreign = stated.filter { option in
            option.rawValue.hasPrefix("retain-") && !policy.has(option)
                && !(option == .retainModifiedDates && policy.has(.retainFullDates))
        }
        for option in missing.sorted() {
            problems.append("\(Tag.deidentificationMethodCodeSequence): was made without \(option.rawValue)")
        }
        for option in foreign.sorted() {
            problems.append("\(Tag.deidentificationMethodCodeSequence): was made with \(option.rawValue)")
        }
        return problems
    }
}
