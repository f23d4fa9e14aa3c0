import DataSets
import Foundation
import Testing

@testable import Deidentification

@Suite struct DateShiftTests {
    /// Foundation's Gregorian calendar as the other implementation.
    @Test func movesEveryDayAsTheCalendarDoes() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: "UTC")!
        let shift = DateShift(days: -1234)
        for day in stride(from: 0, to: 80_000, by: 37) {
            let date = Date(timeIntervalSince1970: Double(day - 40_000) * 86_400)
            let moved = date.addingTimeInterval(-1234 * 86_400)
            func text(_ date: Date) -> String {
                let parts = calendar.dateComponents([.year, .month, .day], from: date)
                return String(format: "%04d%02d%02d", parts.year!, parts.month!, parts.day!)
            }
            #expect(shift.date(text(date)) == text(moved))
        }
    }

    @Test func movesOddSpellings() {
        let shift = DateShift(days: -10)
        #expect(shift.date("19941105") == "19941026")
        #expect(shift.date("1994.11.05") == "19941026")
        #expect(shift.date("19941105-19941120") == "19941026-19941110")
        #expect(shift.date("20000301") == "20000220")
        #expect(shift.date("") == "")
        #expect(shift.date("19940230") == nil)
        #expect(shift.date("today") == nil)
        #expect(shift.date("00010105") == nil)
    }

    /// Everybody knows what such a date was, and could compute the offset.
    @Test(arguments: [
        "19000101", "19700101", "19691231", "20000101", "99991231", "20991231", "18991230", "18000101", "00010101",
        "20500101", "1900.01.01", "19700101-20200317",
    ]) func leavesOutDatesThatStandForUnknownOnes(_ text: String) throws {
        let calibration = DataSets.Tag(0x0018, 0x1200)
        let element = DataElement(calibration, .DA, text: text)
        let cleaned = try makeCleaner([.retainModifiedDates]).clean(makeFile([element]), path: "a")
        #expect(cleaned.dataSet.text(calibration) == "")
        #expect(cleaned.warnings.contains { $0.hasPrefix("\(calibration) holds a date that stands for") })
    }

    @Test func leavesOutTimesOnSuchDates() throws {
        let acquisition = DataSets.Tag(0x0008, 0x002A)
        let cleaner = try makeCleaner([.retainModifiedDates])
        for text in ["19700101000000", "19700101", "1970", "99991231235959.999+0100"] {
            let file = try makeFile([DataElement(acquisition, .DT, text: text)])
            #expect(try cleaner.clean(file, path: "a").dataSet.text(acquisition) == "")
        }
        for text in ["20200101", "19700102", "20000102101112"] {
            let file = try makeFile([DataElement(acquisition, .DT, text: text)])
            #expect(try cleaner.clean(file, path: "a").dataSet.text(acquisition).count == text.count)
        }
    }

    @Test func movesDateTimes() {
        let shift = DateShift(days: -10)
        #expect(shift.dateTime("19941105123456.789012+0100") == "19941026123456.789012+0100")
        #expect(shift.dateTime("19941105123456-0500") == "19941026123456-0500")
        #expect(shift.dateTime("199411") == "199410")
        #expect(shift.dateTime("1994") == "1993")
        #expect(shift.dateTime("19941105-19941120") == "19941026-19941110")
        #expect(shift.dateTime("1994-1996") == "1993-1995")
        #expect(shift.dateTime("19941105T12") == nil)
    }
}
