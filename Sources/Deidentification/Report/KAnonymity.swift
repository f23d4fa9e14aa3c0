/// Who could be singled out by what is still there: patients are grouped by their quasi-identifiers, and groups of fewer
/// than k are told (Samarati and Sweeney 1998). Counts patients, not files.
public struct KAnonymity: Sendable {
    public struct Group: Sendable {
        /// Names and values, in the order of names.
        public var values: [(name: String, value: String)]
        /// Pseudonyms.
        public var patients: [String]
    }

    public let k: Int
    public let patients: Int
    public let groups: [Group]
    public var small: [Group] { groups.filter { $0.patients.count < k } }

    /// - Parameter records: quasi-identifiers of each file, with its patient's pseudonym.
    public init(k: Int = 5, _ records: [(patient: String, values: [String: String])]) {
        self.k = k
        var profile: [String: [String: Set<String>]] = [:]
        for record in records {
            profile[record.patient, default: [:]].merge(record.values.mapValues { [$0] }) { $0.union($1) }
        }
        patients = profile.count
        var members: [[String]: (values: [(String, String)], patients: [String])] = [:]
        for (patient, values) in profile {
            let row = values.sorted { $0.key < $1.key }.map { name, found in
                (name, Set(found.map { Self.band(name, $0) }).sorted().joined(separator: " or "))
            }
            members[row.map { "\($0.0)=\($0.1)" }, default: (row, [])].patients.append(patient)
        }
        groups = members.values.map { Group(values: $0.values, patients: $0.patients.sorted()) }
            .sorted { ($0.patients.count, $0.patients[0]) < ($1.patients.count, $1.patients[0]) }
    }

    /// Ages in bands of ten years, sizes of ten centimetres, weights of ten kilograms: as finely as a stranger would know.
    /// What is no such number is a band of its own.
    static func band(_ name: String, _ value: String) -> String {
        switch name {
        case "age":
            guard let age = PatientAge.years(value) else { return value }
            if age < 2 { return "under 2" }
            if age >= 90 { return "90 and over" }
            let decade = Int(age / 10) * 10
            return "\(max(decade, 2)) to \(decade + 9)"
        case "weight":
            guard let kilograms = Double(value), kilograms.isFinite, (0...1000).contains(kilograms) else {
                return value
            }
            let band = Int(kilograms / 10) * 10
            return "\(band) to \(band + 10) kg"
        case "size":
            guard let size = Double(value), size.isFinite, (0...300).contains(size) else { return value }
            // Metres in DICOM, and centimetres in many tables.
            let band = Int(size > 3 ? size / 10 : size * 10) * 10
            return "\(band) to \(band + 10) cm"
        case "bodyMassIndex":
            guard let index = Double(value), index.isFinite, (0...1000).contains(index) else { return value }
            let band = Int(index / 5) * 5
            return "\(band) to \(band + 5) kg/m2"
        default: return value
        }
    }
}
