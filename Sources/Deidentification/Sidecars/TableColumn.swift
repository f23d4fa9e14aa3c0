import DataSets

/// What a column of a BIDS table holds. Columns that no rule knows go.
enum TableColumn {
    case participant
    case session
    /// A path relative to the table's folder.
    case file
    /// What an attribute of DICOM means; where it stays, values must be of the kind.
    case attribute(Tag, Kind)
    case numbers
    /// A condition of an experiment.
    case label(String)

    enum Kind {
        case age, number, dateTime
        case oneOf(Set<String>)
    }

    /// Tables that have rules, by the last part of their names.
    static let tables: Set<String> = ["participants", "sessions", "scans", "events"]

    /// - Parameter table: one of `tables`.
    static func named(_ name: String, of table: String) -> TableColumn? {
        if table == "events" { return events[name] }
        return name == "filename" && table != "scans" ? nil : common[name]
    }

    /// What reports call a column by which a person could be singled out; nil for others. Handedness has the sex's rule.
    func quasiIdentifier(_ name: String) -> String? {
        guard case .attribute(let tag, _) = self else { return nil }
        return name == "handedness" ? name : QuasiIdentifiers.names[tag]
    }

    private static let sexes: Set<String> = [
        "M", "F", "O", "m", "f", "o", "male", "female", "other", "Male", "Female", "Other",
    ]
    private static let hands: Set<String> = [
        "R", "L", "A", "r", "l", "a", "right", "left", "ambidextrous", "Right", "Left", "Ambidextrous", "RIGHT", "LEFT",
    ]

    /// Handedness has no attribute of its own; it is a characteristic of the patient as sex is.
    private static let common: [String: TableColumn] = [
        "participant_id": .participant, "session_id": .session, "filename": .file,
        "acq_time": .attribute(Tag(0x0008, 0x002A), .dateTime), "age": .attribute(.patientAge, .age),
        "sex": .attribute(.patientSex, .oneOf(sexes)), "gender": .attribute(.patientSex, .oneOf(sexes)),
        "handedness": .attribute(.patientSex, .oneOf(hands)), "weight": .attribute(Tag(0x0010, 0x1030), .number),
        "height": .attribute(.patientSize, .number), "size": .attribute(.patientSize, .number),
    ]

    private static let events: [String: TableColumn] = [
        "onset": .numbers, "duration": .numbers, "sample": .numbers, "response_time": .numbers,
        "trial_type": .label("trial"), "value": .label("value"),
    ]
}
