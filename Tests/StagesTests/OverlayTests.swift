import Pipelines
import Testing
import Transforms
import Volumes

@testable import Stages

@Suite struct OverlayTests {
    private func rendered(level: Float, heat: Bool) -> Canvas {
        let shape = Shape(depth: 1, height: 64, width: 64)
        var voxels = [Float](repeating: level, count: 4096)
        voxels[0] = 0
        voxels[1] = 1
        let volume = Volume(voxels: voxels, shape: shape, geometry: .pixels)
        let box = Box(x: 16...32, y: 24...48, slice: 0)
        let finding = Finding(
            label: "lesion", score: 0.91, probabilities: [0.91], box: box, keySlice: 0, keyBox: box)
        let map = Heatmap(
            method: "grad-cam", finding: 0, slice: 0, values: [0, 0, 0, 1], height: 2, width: 2,
            extent: Box(x: 0...64, y: 0...64, slice: 0))
        var item = Item(
            name: "item", source: ItemSource(format: "png", inputs: [], geometry: .pixels, shape: shape),
            volume: volume)
        item.findings = Findings(findings: [finding], abnormality: nil, model: "", modelDigest: "")
        return OverlayRenderer(item, slice: 0, findings: [0], heat ? [map] : []).render()
    }

    /// A volume of four slices, 4 mm apart, with two findings of which the first spans all.
    private func volume(_ geometry: Geometry = Geometry(spacing: [1, 1, 4])) -> Item {
        let shape = Shape(depth: 4, height: 32, width: 32)
        func finding(_ slice: Int, _ z: ClosedRange<Double>) -> Finding {
            let key = Box(x: 4...20, y: 4...20, slice: slice)
            var box = key
            (box.lower.z, box.upper.z) = (z.lowerBound, z.upperBound)
            return Finding(
                label: "lesion", score: 0.95, probabilities: [0.95], box: box, keySlice: slice, keyBox: key)
        }
        var item = Item(
            name: "item", source: ItemSource(format: "nifti", inputs: [], geometry: geometry, shape: shape),
            volume: Volume(voxels: [Float](repeating: 0.5, count: shape.count), shape: shape, geometry: geometry))
        item.findings = Findings(
            findings: [finding(3, 0...4), finding(1, 1...2)], abnormality: 0.9996, model: "", modelDigest: "")
        return item
    }

    private func pixel(_ canvas: Canvas, _ x: Int, _ y: Int) -> [UInt8] {
        Array(canvas.pixels[(y * canvas.width + x) * 3..<(y * canvas.width + x) * 3 + 3])
    }

    @Test func theBoxStandsWhereItBelongsWithADarkRim() {
        for level in [Float(0.05), 0.95] {
            let canvas = rendered(level: level, heat: false)
            // 64 pixels are drawn as 640: the left edge of the box is at x = 160.
            #expect(canvas.width == 640)
            #expect(pixel(canvas, 161, 300) == [86, 180, 233])
            #expect(pixel(canvas, 158, 300) == [0, 0, 0])
            #expect(pixel(canvas, 318, 300) == [86, 180, 233])
            #expect(pixel(canvas, 240, 300)[0] == UInt8((level * 255).rounded()))
        }
    }

    @Test func weakHeatLeavesTheImageClear() {
        let (plain, heated) = (rendered(level: 0.5, heat: false), rendered(level: 0.5, heat: true))
        #expect(pixel(plain, 100, 100) == pixel(heated, 100, 100))
        #expect(pixel(plain, 600, 600) != pixel(heated, 600, 600))
        #expect(heated.width > plain.width)
    }

    @Test func theColourMapIsInferno() {
        // matplotlib's inferno at 0, 1/2 and 1; the polynomial is within 2 %.
        for (value, expected) in [(0.0, [0, 0, 4]), (0.5, [188, 55, 84]), (1.0, [252, 255, 164])] {
            let color = ColorMap.color(value)
            for (ours, theirs) in zip([color.red, color.green, color.blue], expected) {
                #expect(abs(Int(ours) - theirs) <= 6)
            }
        }
    }

    @Test func textOutsideTheLettersIsDrawnAsQuestionMarks() {
        #expect(Canvas.textWidth("é") == Canvas.textWidth("?"))
        var canvas = Canvas(width: 40, height: 30)
        canvas.text("é", x: -3, y: -3, color: .white)
        #expect(canvas.pixels.contains { $0 > 0 })
    }

    @Test(arguments: [(0.901, "high"), (0.9, "medium"), (0.7, "medium"), (0.699, "review")])
    func bandsOfScores(score: Double, words: String) {
        #expect(ConfidenceBand(score: score).abbreviation == words)
    }

    @Test(arguments: [(0.9996, 99), (0.9004, 91), (0.8996, 90), (0.6996, 69), (0.7, 70), (0, 0), (.nan, 0)])
    func percentsStayInTheirBand(score: Double, percent: Int) {
        #expect(ConfidenceBand.percent(score) == percent)
    }

    @Test(arguments: [
        (0.99999, 0.9999), (1, 0.9999), (0.90004, 0.9001), (0.9, 0.9), (0.69996, 0.6999), (0.7, 0.7), (0.12345, 0.1235),
        (0.00001, 0),
    ])
    func numbersStayInTheirBandToo(score: Double, rounded: Double) {
        #expect(ConfidenceBand.rounded(score) == rounded)
        #expect(ConfidenceBand(score: rounded) == ConfidenceBand(score: score))
        var item = volume()
        item.findings?.findings[0].score = score
        item.findings?.findings[0].probabilities = [score]
        item.findings?.abnormality = score
        let json = findingsJSON(item)
        let finding = json["findings"]?.elements.first
        #expect(finding?["confidence"] == .number(rounded))
        #expect(finding?["class_probabilities"]?.elements == [.number(rounded)])
        #expect(json["abnormality"] == .number(min((score * 10_000).rounded() / 10_000, 0.9999)))
    }

    @Test func captionsNameTheSliceOfTheFileAndWhatIsNotShown() {
        var item = volume()
        func caption(_ slice: Int, _ shown: [Int]) -> [String] {
            OverlayRenderer(item, slice: slice, findings: shown, []).caption.lines(width: 2000).map(\.text)
        }
        #expect(caption(3, [0])[0] == "slice 3 (0 to 3)   1 of 2 findings   abnormality of the volume 99%")
        item.volume = item.volume.flipped(.z)
        #expect(caption(3, [0, 1])[0].hasPrefix("slice 0 (0 to 3)   2 findings"))
        item.volume = item.volume.reoriented(to: AxisCode("PIR")!)
        #expect(caption(3, [])[0].hasPrefix("sagittal at 28 mm   0 of 2 findings"))
        #expect(OverlayRenderer(item, slice: 3, findings: [], []).caption.lines(width: 200).count == 4)
    }

    @Test func aSliceShowsAllFindingsThatItCrosses() {
        let drawn = overlays(of: volume())
        #expect(drawn.map(\.slice) == [3, 1])
        #expect(drawn.map { $0.boxes.map(\.number) } == [[1], [1, 2]])
        #expect(drawn[1].boxes.map(\.elsewhere) == ["slice 3", nil])
    }

    @Test func labelsStandBesideEachOther() {
        var places = LabelPlaces(limit: (640, 640), boxes: [(100..<200, 100..<120), (105..<190, 105..<118)])
        var taken: [(x: Range<Int>, y: Range<Int>)] = []
        for _ in 0..<8 {
            let place = places.take((200, 26), beside: (100..<200, 100..<120))
            let own = (x: place.left..<place.left + 200, y: place.top..<place.top + 26)
            #expect(
                own.x.lowerBound >= 0 && own.x.upperBound <= 640 && own.y.lowerBound >= 0 && own.y.upperBound <= 640)
            #expect(!taken.contains { $0.x.overlaps(own.x) && $0.y.overlaps(own.y) })
            #expect(!own.y.overlaps(100..<120))
            taken.append(own)
        }
    }

    @Test func longNamesLeaveRoomForTheScore() {
        let long = OverlayBox.shortened("1 " + String(repeating: "glioblastoma ", count: 20), width: 300)
        #expect(long.hasPrefix("1 glio") && long.hasSuffix("..") && Canvas.textWidth(long) <= 300)
        #expect(OverlayBox.shortened("1 glioma", width: 300) == "1 glioma")
    }

    @Test func theReportSaysTheBand() throws {
        let entry = ManifestEntry(item: "a", status: .ok, inputs: [])
        let view = QualityRecord.View(
            shape: [1, 1, 2, 2], spacing: nil, unit: nil, least: 0, greatest: 1, low: 0, high: 1, counts: [2, 2],
            width: 1, height: 1, picture: "")
        var record = QualityRecord(before: view, after: view)
        #expect(!QualityRow(entry: entry, record: record).html.contains("no finding"))
        record.findings = []
        #expect(QualityRow(entry: entry, record: record).html.contains("no finding"))
        record.findings = [
            .init(label: "a<b", score: 0.95, band: ConfidenceBand.high.rawValue),
            .init(label: "c", score: 0.5, band: ConfidenceBand.manualReview.rawValue),
        ]
        let html = QualityRow(entry: entry, record: record).html
        #expect(html.contains("a&lt;b 95% <b class=\"ok\">high</b>"))
        #expect(!html.contains("abnormality"))
        record.abnormality = 0.9996
        #expect(QualityRow(entry: entry, record: record).html.contains("abnormality 99%"))
        #expect(html.contains("c 50% <b class=\"warned\">manual review recommended</b>"))
    }
}
