import Testing
import Volumes

@testable import DICOM

/// Frames of one object as volumes.
@Suite struct FrameTests {
    private func group(_ frames: [FrameAttributes]) -> [Series] { SeriesReader.group([Synthetic.enhanced(frames)]) }

    @Test func stacksAreVolumes() throws {
        let frames = [("1", 0.0), ("2", 40), ("1", 3), ("2", 43), ("2", 46)].map { stack, z in
            Synthetic.frame(z) { $0.stackID = stack }
        }
        let series = group(frames)
        #expect(try series.map { try SeriesReader.layout($0).shape.depth } == [2, 3])
        #expect(try VolumeLayout(series[1]).slices.map(\.frame) == [1, 3, 4])
    }

    @Test func orientationsAreVolumes() throws {
        let frames = [0.0, 3, 0, 3].enumerated().map { index, z in
            Synthetic.frame(z) { frame in
                if index > 1 { frame.orientation = Orientation(row: [1, 0, 0], column: [0, 0, -1]) }
                if index > 1 { frame.position = [0, z, 0] }
            }
        }
        #expect(try group(frames).map { try SeriesReader.layout($0).shape.depth } == [2, 2])
    }

    @Test func timePointsAreChannels() throws {
        let frames = [1, 2].flatMap { time in
            [0.0, 3].map { z in Synthetic.frame(z) { $0.moment.temporalPosition = time } }
        }
        let series = group(frames)
        #expect(series.count == 1)
        let layout = try VolumeLayout(series[0])
        #expect(layout.shape == Shape(channels: 2, depth: 2, height: 4, width: 4))
        #expect(layout.slices.map(\.frame) == [0, 1, 2, 3])
    }

    @Test func unknownDimensionsAreVolumesOfTheirOwn() {
        let frames = [1.0, 2].flatMap { value in
            [0.0, 3].map { z in Synthetic.frame(z) { $0.moment.dimensions = [value] } }
        }
        #expect(group(frames).map(\.parts.count) == [1, 1])
    }

    @Test func segmentsAreVolumes() {
        let frames = [1, 2].flatMap { number in
            [0.0, 3].map { z in Synthetic.frame(z) { $0.segment = number } }
        }
        #expect(group(frames).count == 2)
    }

    @Test func flipAnglesOfFramesAreVolumes() {
        let frames = [5.0, 15].flatMap { angle -> [FrameAttributes] in
            [0.0, 3].map { z in Synthetic.frame(z) { $0.flipAngle = angle } }
        }
        #expect(group(frames).map(\.parts.count) == [1, 1])
    }

    @Test func settingsOfFramesAreNoTime() {
        let frames = [1.0, 2].flatMap { number in
            [0.0, 3].map { z in
                Synthetic.frame(z) {
                    ($0.moment.settings.inversionTime, $0.moment.acquisitionTime) = (400 * number, 60 * number)
                }
            }
        }
        let series = group(frames)
        #expect(series.map(\.channelAxis) == [.none] && series[0].notes.map(\.code) == [.unlikeSettings])
    }

    // MARK: Several objects

    private func objects(_ count: Int, _ change: (inout FrameAttributes, Int) -> Void) -> [DICOMHeader] {
        (0..<count).map { number in
            Synthetic.enhanced([0.0, 3].map { z in Synthetic.frame(z) { change(&$0, number) } }) {
                ($0.path, $0.sopInstanceUID, $0.instanceNumber) = ("folder/\(number)", "1.2.\(number)", number + 1)
            }
        }
    }

    /// As Siemens' software XA writes them.
    @Test func objectsOfOnePointInTimeEachAreChannels() throws {
        let times = SeriesReader.group(objects(4) { $0.moment.acquisitionTime = Double($1 * 2) }.reversed())
        #expect(times.map(\.channelAxis) == [.time(stepSeconds: 2)])
        #expect(try VolumeLayout(times[0]).shape == Shape(channels: 4, depth: 2, height: 4, width: 4))
        #expect(
            try VolumeLayout(times[0]).slices.map { times[0].headers[$0.file].instanceNumber } == [
                1, 1, 2, 2, 3, 3, 4, 4,
            ])
        let weightings = SeriesReader.group(
            objects(3) {
                ($0.moment.bValue, $0.moment.direction) = ($1 == 0 ? 0 : 1000, [nil, [1, 0, 0], [0, 1, 0]][$1])
            })
        #expect(
            weightings.map(\.channelAxis)
                == [.diffusion(bValues: [0, 1000, 1000], directions: [nil, [1, 0, 0], [0, 1, 0]])])
    }

    /// Frames of one weighting are told apart by the acquisition that their object stems from.
    @Test func objectsAreToldApartByTheirOwnAcquisition() {
        var headers = objects(3) { frame, number in frame.moment.bValue = number < 2 ? 0 : 1000 }
        for index in headers.indices { headers[index].acquisitionNumber = index + 1 }
        #expect(SeriesReader.group(headers).map(\.parts.count) == [3])
        for index in headers.indices { headers[index].acquisitionNumber = 1 }
        #expect(SeriesReader.group(headers).map(\.parts.count) == [1, 1, 1])
    }

    @Test func objectsThatNothingTellsApartStayVolumes() {
        #expect(SeriesReader.group(objects(2) { _, _ in }).map(\.parts.count) == [1, 1])
        // Two series of points in time are not one.
        let runs = (0..<2).map { run in
            let frames = [0.0, 1].flatMap { time in
                [0.0, 3].map { z in Synthetic.frame(z) { $0.moment.acquisitionTime = Double(run * 100) + time } }
            }
            return Synthetic.enhanced(frames) { ($0.path, $0.sopInstanceUID) = ("folder/\(run)", "1.2.\(run)") }
        }
        #expect(SeriesReader.group(runs).map(\.parts.count) == [2, 2])
    }

    @Test func framesWithoutPositionAmongOthersAreRefused() {
        let frames = [0.0, 3, 6].map { z in Synthetic.frame(z) { if z == 3 { $0.position = nil } } }
        let error = #expect(throws: DICOMError.self) { try SeriesReader.layout(group(frames)[0]) }
        #expect(error?.code == .missingGeometry)
    }

    @Test func partsOfAConcatenationAreOneVolume() throws {
        let headers = [[0.0, 3], [6, 9]].enumerated().map { number, heights in
            Synthetic.enhanced(heights.map { Synthetic.frame($0) }) { header in
                header.concatenationUID = "1.2.9"
                header.sopInstanceUID = "1.2.9.\(number)"
                header.path = "folder/\(number)"
            }
        }
        let series = SeriesReader.group(headers)
        #expect(try series.map { try SeriesReader.layout($0).shape.depth } == [4])
    }

    @Test func framesOfADoseLieAtTheirOffsets() throws {
        let header = Synthetic.slice(5) { header in
            header.frames = 3
            header.framePositions = [[0, 0, 5], [0, 0, 7], [0, 0, 9]]
        }
        let layout = try SeriesReader.layout(SeriesReader.group([header])[0])
        #expect(layout.shape.depth == 3)
        #expect(layout.geometry.steps[2] == [0, 0, 2])
    }

    @Test func mosaicsUnfold() throws {
        let header = Synthetic.slice(0) { header in
            header.mosaic = Mosaic(tiles: 3, ascends: false)
            header.spacingBetweenSlices = 2
        }
        let layout = try VolumeLayout(SeriesReader.group([header])[0])
        #expect(layout.finishedShape == Shape(depth: 3, height: 2, width: 2))
        // The picture's corner is moved by half of what it is larger than a tile; the first tile is the highest.
        #expect(layout.geometry.origin == [1, 1, -4])
        #expect(layout.geometry.steps[2] == [0, 0, 2])
        let picture = (0..<16).map { Float($0) }
        let voxels = Mosaic(tiles: 3, ascends: false).unfolded(picture, Shape(depth: 1, height: 4, width: 4))
        #expect(voxels == [8, 9, 12, 13, 2, 3, 6, 7, 0, 1, 4, 5])
    }

    @Test func mosaicsWithoutACountAreRefused() {
        let header = Synthetic.slice(0) { $0.isUncountedMosaic = true }
        let error = #expect(throws: DICOMError.self) { try SeriesReader.layout(SeriesReader.group([header])[0]) }
        #expect(error?.code == .unsupportedLayout)
        #expect(error?.message.contains("mosaic") == true)
    }

    @Test func damagedCSAHeadersAreNil() {
        #expect(CSAHeader([], names: []) == nil)
        #expect(CSAHeader(Array("SV10".utf8), names: []) == nil)
        var bytes = Array("SV10".utf8) + [4, 3, 2, 1, 1, 0, 0, 0, 77, 0, 0, 0]
        #expect(CSAHeader(bytes, names: []) == nil)
        bytes += Array("Number".utf8) + [UInt8](repeating: 0, count: 58 + 12) + [1, 0, 0, 0, 77, 0, 0, 0]
        let item: [UInt8] = [2, 0, 0, 0, 2, 0, 0, 0, 77, 0, 0, 0, 2, 0, 0, 0] + Array("7".utf8) + [0, 0, 0]
        #expect(CSAHeader(bytes + item, names: ["Number"])?.numbers("Number") == [7])
        for count in 0..<bytes.count + item.count - 3 {
            #expect(CSAHeader(Array((bytes + item).prefix(count)), names: ["Number"]) == nil)
        }
    }
}
