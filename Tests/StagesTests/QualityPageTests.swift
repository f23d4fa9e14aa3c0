import Cryptography
import Foundation
import Pipelines
import Testing
import Volumes

@testable import Stages

struct QualityPageTests {
    @Test func thePageShowsFailuresAndWarningsAndRefersToNothingOutside() async throws {
        let folder = try PipelineFolder()
        for index in 0..<5 { try folder.image("quiet-\(index)") { Float($0 * (index + 1)) } }
        try folder.image("zz-constant") { _ in 3 }
        try folder.text("bro<ken&.nii", "no image")
        try await folder.run(
            "name: a<b\nstages: [normalize]\noutputs: { tensors: npy, report: { format: html, items: 2 } }\n")
        let page = String(decoding: try #require(try folder.tree("out")["report.html"]), as: UTF8.self)
        #expect(page.contains("<h1>a&lt;b</h1>") && page.contains("bro&lt;") && !page.contains("bro<ken"))
        #expect(page.contains("not-an-image") && page.contains("constant-image"))
        #expect(!page.contains("http") && !page.contains("src=\"/") && !page.contains("<link"))
        // The constant image has a warning and comes before the others for its picture.
        #expect(page.components(separatedBy: "<img").count - 1 == 2 * 2)
        #expect(page.contains("Pictures: 2 of 6 items (at most 2"))
        let constant = page.components(separatedBy: "<tr>").first { $0.contains("constant-image") }
        #expect(constant?.contains("<img") == true)
        #expect(page.components(separatedBy: "<tr>").count - 1 == 8)
    }

    @Test func aDeidentifiedPageTellsNoNames() async throws {
        let folder = try PipelineFolder()
        try folder.image("SMITH^JOHN/scan")
        try folder.image("SMITH^JOHN/scan_mask", depth: 2) { _ in 0 }
        try folder.text("SMITH^JOHN/broken.nii", "no image")
        let keyPath = folder.path("key")
        try ProjectKey.create(path: keyPath)
        let pipeline = """
            input: { labels: beside }
            stages: [deidentify, normalize]
            outputs: { tensors: npy, report: html }
            """
        var run = PipelineRun(
            pipeline: try Pipeline.parse(pipeline, name: "test", registry: .hilum), inputs: [folder.input],
            runner: Runner(output: folder.path("out"), workers: 1, memoryLimit: 1 << 30), seed: 1)
        run.concealment = try Concealment(ProjectKey(path: keyPath), for: run.pipeline)
        let summary = try await run.run(progress: RunProgress(style: .quiet))
        #expect(summary.failed == 2)
        for (name, bytes) in try folder.tree("out") {
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(!name.contains("SMITH") && !text.contains("SMITH") && !text.contains("scan"))
        }
    }

    /// Names of masks come from names of files, and classes of boxes are anybody's text.
    @Test func deidentifiedMasksAndClassesTellNoNames() async throws {
        let folder = try PipelineFolder()
        try folder.image("sub-GERTRUD_T1w")
        try folder.image("sub-GERTRUD_label-SMITH_mask") { Float($0 % 2) }
        try folder.image("sub-GERTRUD_label-tumor_mask") { Float($0 % 2) }
        let boxes = ["SMITH JOHN 2020-03-17", "tumor"].map { "{\"label\":\"\($0)\",\"box\":[0,0,0,2,2,1]}" }
        try folder.text("sub-GERTRUD_T1w.boxes.json", "{\"shape\":[3,4,5],\"boxes\":[\(boxes.joined(separator: ","))]}")
        let keyPath = folder.path("key")
        try ProjectKey.create(path: keyPath)
        let pipeline = """
            input: { labels: beside }
            stages: [deidentify, normalize]
            outputs: { tensors: npy, masks: nifti, boxes: json }
            """
        var run = PipelineRun(
            pipeline: try Pipeline.parse(pipeline, name: "test", registry: .hilum), inputs: [folder.input],
            runner: Runner(output: folder.path("out"), workers: 1, memoryLimit: 1 << 30), seed: 1)
        run.concealment = try Concealment(ProjectKey(path: keyPath), for: run.pipeline)
        let summary = try await run.run(progress: RunProgress(style: .quiet))
        #expect((summary.ok, summary.failed) == (1, 0))
        let tree = try folder.tree("out")
        #expect(
            tree.keys.count { $0.hasSuffix(".nii.gz") } == 2 && tree.keys.contains { $0.hasSuffix(".tumor.nii.gz") })
        for (name, bytes) in tree {
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(!name.contains("SMITH") && !text.contains("SMITH") && !text.contains("2020"))
            if name.hasSuffix(".boxes.json") { #expect(text.contains("\"tumor\"")) }
        }
    }

    @Test func slicesKeepTheirProportions() throws {
        let shape = Shape(depth: 10, height: 40, width: 20)
        let volume = Volume(
            voxels: (0..<shape.count).map { Float($0 % 20) / 19 }, shape: shape,
            geometry: Geometry(spacing: [1, 1, 4]))
        let view = try QualityView(volume)
        let side = Thumbnails.side
        // 20 x 40, 20 x 40 (10 slices of 4 mm), 40 x 40 mm.
        #expect((view.picture.width, view.picture.height) == (side / 2 + 4 + side / 2 + 4 + side, side))
        #expect(view.picture.pixels[0] == 0 && view.picture.pixels[side / 2 - 1] == 255)
        #expect(view.histogram.counts.reduce(0, +) == shape.count)
        #expect(view.extent == 0...1)
    }

    /// A window that Float32 cannot hold gives way to the percentiles.
    @Test(arguments: [1e39, 1e20]) func windowsBeyondVoxelsAreLeftOut(center: Double) throws {
        var volume = Volume(
            voxels: [0, 5, 10, 20], shape: Shape(depth: 1, height: 1, width: 4), geometry: .pixels)
        let plain = try QualityView(volume)
        volume.attributes.windows = [Window(center: center, width: 400)]
        #expect(try QualityView(volume).picture.pixels == plain.picture.pixels)
    }

    @Test func oddImagesAreShownToo() throws {
        let huge = Float.greatestFiniteMagnitude
        let odd: [[Float]] = [[.nan, .nan], [3, 3], [.infinity, 1], [-huge, huge]]
        for values in odd {
            let view = try QualityView(
                Volume(voxels: values, shape: Shape(depth: 1, height: 1, width: 2), geometry: .pixels))
            #expect(view.picture.pixels.count == view.picture.width * view.picture.height)
            #expect(view.histogram.counts.reduce(0, +) == values.count { $0.isFinite })
        }
    }
}
