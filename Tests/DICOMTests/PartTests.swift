import TestSupport
import Testing
import Volumes

@testable import DICOM

/// Slices at the same places: points in time, weightings, echoes.
@Suite struct PartTests {
    private let heights = [0.0, 3, 6]

    private func stacks(_ count: Int, _ change: (inout DICOMHeader, Int) -> Void) -> [DICOMHeader] {
        (0..<count).flatMap { number in Synthetic.stack(heights, number: number) { change(&$0, number) } }
    }

    @Test func temporalPositionsAreChannels() throws {
        let headers = stacks(3) { $0.temporalPosition = 3 - $1 }
        let series = SeriesReader.group(headers)
        #expect(series.count == 1)
        #expect(try SeriesReader.layout(series[0]).shape == Shape(channels: 3, depth: 3, height: 4, width: 4))
        // The last stack has the first position in time.
        #expect(series[0].parts[0].allSatisfy { series[0].headers[$0.file].temporalPosition == 1 })
    }

    @Test func timeStepComesFromTheMoments() throws {
        let headers = stacks(3) { header, number in
            header.moment.triggerTime = Double(number) * 40
        }
        #expect(SeriesReader.group(headers)[0].channelAxis == .time(stepSeconds: 0.04))
        let uneven = stacks(3) { header, number in header.moment.triggerTime = [0, 40, 90][number] }
        #expect(SeriesReader.group(uneven)[0].channelAxis == .time(stepSeconds: nil))
        #expect(SeriesReader.group(uneven)[0].notes.map(\.code) == [.timeStepUnknown])
    }

    private func times(_ values: [Double], resolution: Double? = 2000, positions: [Int]? = nil) -> Series {
        SeriesReader.group(
            stacks(values.count) { header, number in
                header.temporalPosition = positions?[number] ?? number + 1
                (header.moment.acquisitionTime, header.temporalResolution) = (values[number], resolution)
            })[0]
    }

    /// Temporal Resolution is the step of the sequence, not of what is left of it.
    @Test func pointsInTimeThatAreMissingLeaveNoStep() {
        for series in [
            times([0, 2, 4, 8, 10]), times([0, 0, 0], positions: [1, 2, 4]), times([5, 5], resolution: 1e300),
        ] {
            #expect(series.channelAxis == .time(stepSeconds: nil) && series.notes.map(\.code) == [.timeStepUnknown])
        }
        // Whole seconds of 2.5 s, and a clock that wavers.
        #expect(times([0, 2, 5, 7, 10], resolution: 2500).channelAxis == .time(stepSeconds: 2.5))
        #expect(times([0, 2.3, 4.1, 6, 7.8]).channelAxis == .time(stepSeconds: 2))
        #expect(times([0, 0, 0]).channelAxis == .time(stepSeconds: 2))
        #expect(times([0, 0, 0], resolution: nil).notes.isEmpty)
    }

    @Test func contentTimeIsNoClock() {
        let series = SeriesReader.group(
            stacks(3) { header, number in
                header.moment.contentTime = Double(number)
                header.temporalResolution = 2000
            })
        #expect(series.map(\.channelAxis) == [.time(stepSeconds: 2)])
    }

    /// Trigger times that differ from slice to slice still rank the phases of each place.
    @Test func phasesAreRankedWhereEachSliceHasItsOwnTime() throws {
        let headers = stacks(2) { header, number in
            header.moment.triggerTime = Double(number) * 40 + header.imagePositionPatient!.z
        }
        let series = SeriesReader.group(headers)
        #expect(series.map(\.parts.count) == [2])
    }

    @Test func diffusionWeightingsAreChannelsInOrderOfAcquisition() throws {
        let weightings: [(Double, SIMD3<Double>?)] = [(0, nil), (1000, [1, 0, 0]), (1000, [0, 1, 0]), (0, nil)]
        let headers = stacks(4) { header, number in
            header.moment.bValue = weightings[number].0
            header.moment.direction = weightings[number].1
            header.acquisitionNumber = number + 1
        }
        let series = SeriesReader.group(headers.reversed())
        #expect(series.count == 1)
        #expect(
            series[0].channelAxis
                == .diffusion(bValues: weightings.map(\.0), directions: weightings.map(\.1)))
    }

    @Test func weightingsBeyondAnyScannerAreRefused() throws {
        for value in [1e300, -5] {
            let headers = stacks(3) { $0.moment.bValue = [0, 1000, value][$1] }
            let error = #expect(throws: DICOMError.self) { try SeriesReader.layout(SeriesReader.group(headers)[0]) }
            #expect(error?.code == .malformed && error?.message.contains("b-value") == true)
        }
    }

    /// Philips writes a weighting of zero into every image.
    @Test func zeroWeightingsAloneAreNoDiffusion() {
        let headers = stacks(2) { header, number in
            header.moment.bValue = 0
            header.moment.triggerTime = Double(number) * 500
        }
        #expect(SeriesReader.group(headers).map(\.channelAxis) == [.time(stepSeconds: 0.5)])
    }

    @Test func echoesStaySeparate() {
        let numbered = stacks(2) { $0.echoNumbers = [$1 + 1] }
        #expect(SeriesReader.group(numbered).map(\.headers.count) == [3, 3])
        let timed = stacks(2) { $0.echoTime = Double($1) * 10 + 5 }
        #expect(SeriesReader.group(timed).map(\.headers.count) == [3, 3])
    }

    /// Echo Number alone says too little: some writers give every echo the same.
    @Test func echoTimesTellEchoesOfOneNumberApart() {
        for number in [0, 1] {
            let echoes = stacks(2) { header, stack in
                (header.echoNumbers, header.echoTime) = ([number], Double(stack + 1) * 5)
                header.moment.acquisitionTime = Double(stack)
            }
            #expect(SeriesReader.group(echoes).map(\.headers.count) == [3, 3])
        }
        // Rounded otherwise from slice to slice.
        let rounded = Synthetic.stack([0, 3, 6, 9]) { $0.echoTime = $0.instanceNumber! % 2 == 0 ? 5 : 5.01 }
        #expect(SeriesReader.group(rounded).map(\.headers.count) == [4])
    }

    @Test func flipAnglesAndDerivedImagesStaySeparate() {
        let changes: [(inout DICOMHeader, Int) -> Void] = [
            { $0.flipAngle = $1 == 0 ? 5 : 15 }, { $0.imageType = [$1 == 0 ? "ORIGINAL" : "DERIVED", "PRIMARY"] },
        ]
        for change in changes {
            let headers = stacks(2) { header, number in
                change(&header, number)
                header.acquisitionNumber = number + 1
            }
            #expect(SeriesReader.group(headers).map(\.headers.count) == [3, 3])
        }
    }

    /// As dcm2niix stacks them; but what differs in a setting is no time series.
    @Test func channelsOfOtherSettingsAreNoTime() {
        let changes: [(inout Moment, Int) -> Void] = [
            { $0.settings.inversionTime = Double($1 * 400 + 100) }, { $0.settings.tubeVoltage = $1 == 0 ? 80 : 140 },
            { $0.settings.kernel = $1 == 0 ? "B30" : "B70" }, { $0.settings.repetitionTime = $1 == 0 ? 500 : 2000 },
            { $0.settings.scanOptions = $1 == 0 ? "PFP\\MT" : "PFP" }, { $0.settings.receiveCoil = "H\($1)" },
        ]
        for change in changes {
            let series = SeriesReader.group(
                stacks(2) { header, number in
                    change(&header.moment, number)
                    header.moment.acquisitionTime = Double(number)
                })
            #expect(series.map(\.channelAxis) == [.none])
            #expect(series[0].parts.count == 2 && series[0].notes.map(\.code) == [.unlikeSettings])
        }
        let bySlice = stacks(2) { header, number in
            header.moment.settings.inversionTime = header.imagePositionPatient!.z
            header.moment.acquisitionTime = Double(number)
        }
        #expect(SeriesReader.group(bySlice).map(\.channelAxis) == [.time(stepSeconds: 1)])
    }

    @Test func thicknessesAreNoTime() {
        let series = SeriesReader.group(
            stacks(2) { ($0.sliceThickness, $0.acquisitionNumber) = (Double($1 + 3), $1 + 1) })
        #expect(series.map(\.channelAxis) == [.none] && series[0].notes.map(\.code) == [.unlikeSettings])
        #expect(series[0].notes[0].message.contains("slice thickness"))
    }

    /// Triggered scans repeat with the heart.
    @Test func settingsThatWaverAreStillTime() {
        let series = SeriesReader.group(
            stacks(3) { header, number in
                header.moment.settings.repetitionTime = [800, 830, 790][number]
                header.moment.acquisitionTime = Double(number)
            })
        #expect(series.map(\.channelAxis) == [.time(stepSeconds: 1)])
    }

    @Test func weightingsAreRoundedOtherwiseFromSliceToSlice() {
        let headers = stacks(3) { header, number in
            let slice = header.imagePositionPatient!.z / 3
            header.moment.bValue = number == 0 ? 0 : 1000 + 0.6 * slice
            if number > 0 {
                let x = (number == 1 ? 0.70549 : 0.6) + 0.00002 * slice
                header.moment.direction = [x, (1 - x * x).squareRoot(), 0]
            }
        }
        #expect(SeriesReader.group(headers).map(\.parts.count) == [3])
    }

    /// As Acquisition Number does.
    @Test func temporalPositionsThatCountSlicesAreNoTime() {
        let headers = Synthetic.stack(heights) { $0.temporalPosition = $0.instanceNumber! + 1 }
        #expect(SeriesReader.group(headers).map(\.headers.count) == [3])
        #expect(SeriesReader.group(headers)[0].channelAxis == .none)
    }

    @Test func clocksRunPastMidnight() {
        func series(daysKnown: Int) -> Series {
            let headers = stacks(3) { header, number in
                header.moment.acquisitionTime = [86390, 10, 30][number]
                if number < daysKnown { header.moment.acquisitionDay = number == 0 ? 700_000 : 700_001 }
            }
            return SeriesReader.group(headers)[0]
        }
        let whole = series(daysKnown: 3)
        #expect(whole.channelAxis == .time(stepSeconds: 20))
        #expect(whole.parts.map { whole.headers[$0[0].file].moment.acquisitionTime } == [86390, 10, 30])
        // Seconds of the day are not compared with seconds of the calendar.
        let some = series(daysKnown: 2)
        #expect(some.parts.map { some.headers[$0[0].file].moment.acquisitionTime } == [10, 30, 86390])
    }

    @Test func aBrokenOffTimePointStandsApart() throws {
        var headers = stacks(3) { $0.temporalPosition = $1 + 1 }
        headers.removeLast()
        let series = SeriesReader.group(headers)
        #expect(try series.map { try SeriesReader.layout($0).shape.channels } == [2, 1])
        #expect(try series.map { try SeriesReader.layout($0).shape.depth } == [3, 2])
    }

    @Test func repeatsThatNothingTellsApartAreRefused() {
        let series = SeriesReader.group(stacks(2) { _, _ in })
        #expect(series.count == 1)
        let error = #expect(throws: DICOMError.self) { try SeriesReader.layout(series[0]) }
        #expect(error?.code == .duplicateSlices)
    }

    @Test func orderOfFilesDoesNotMatter() {
        let headers = stacks(4) { header, number in
            header.moment.bValue = Double(number % 2) * 500
            header.moment.acquisitionTime = Double(number)
        }
        let first = SeriesReader.group(headers)
        var random = SeededGenerator(seed: 3)
        for _ in 0..<10 {
            let again = SeriesReader.group(headers.shuffled(using: &random))
            #expect(again.map { $0.headers.map(\.path) } == first.map { $0.headers.map(\.path) })
            #expect(again.map(\.channelAxis) == first.map(\.channelAxis))
        }
    }

    @Test func rescalesThatGoByTimeAreAppliedOnReading() throws {
        let headers = stacks(2) { header, number in
            header.temporalPosition = number + 1
            header.rescale = Rescale(slope: Double(number + 1), intercept: 0)
        }
        let layout = try VolumeLayout(SeriesReader.group(headers)[0])
        #expect(layout.rescales.isEmpty)
        #expect(layout.finishing.rescales.map(\.slope) == [1, 1, 1, 2, 2, 2])
        let bySlice = stacks(2) { header, number in
            header.temporalPosition = number + 1
            header.rescale = Rescale(slope: header.imagePositionPatient!.z + 1, intercept: 0)
        }
        #expect(try VolumeLayout(SeriesReader.group(bySlice)[0]).rescales.map(\.slope) == [1, 4, 7])
    }

    @Test func clocksAreReadAsSeconds() {
        func seconds(_ text: String) -> Double? {
            Moment.clock(text).map { Double(($0.day ?? 0) * 86400) + $0.seconds }
        }
        #expect(seconds("010203.5") == 3723.5)
        #expect(seconds("20200229235959") != nil)
        #expect(seconds("20200301000000")! - seconds("20200229235959")! == 1)
        #expect(seconds("20210101000000.25+0100")! - seconds("20201231235959")! == 1.25)
        #expect(seconds("1230") == 45000)
        #expect(seconds("12") == nil)
        #expect(seconds("12:30:00") == nil)
    }
}
