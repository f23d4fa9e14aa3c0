import Pipelines
import Testing
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
        return OverlayRenderer(
            volume: volume, slice: 0, findings: [(0, finding)], heatmaps: heat ? [map] : [], abnormality: nil
        ).render()
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
        #expect(html.contains("c 50% <b class=\"warned\">manual review recommended</b>"))
    }
}
