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
