/// Dates that programs write where none is known. They are the same everywhere, so that one of them, moved, would tell
/// everybody by how many days the patient's true dates were.
enum StandInDate {
    /// Years of which images and their devices are; of a patient's birth, too. Fixed, so that a result does not change
    /// with the year in which it is made.
    static let years = 1900...2049

    /// First and last days of clocks, calendars and data bases, and what people type for "unknown", as YYYYMMDD: those
    /// of the years above.
    private static let usual: Set<Int> = [
        1900_01_01, 1901_01_01, 1901_12_13, 1904_01_01, 1911_11_11, 1969_12_31, 1970_01_01, 1980_01_01, 1980_01_06,
        2000_01_01, 2036_02_07, 2038_01_19, 2049_12_31,
    ]

    static func isOne(_ year: Int, _ month: Int, _ day: Int) -> Bool {
        !years.contains(year) || usual.contains(year * 10000 + month * 100 + day)
    }

    /// What is wrong with a date that is left out, for a warning.
    static let problem =
        "a date that stands for an unknown one, or of a year outside \(years.lowerBound) to \(years.upperBound), which "
        + "would tell the patient's date offset"
}
