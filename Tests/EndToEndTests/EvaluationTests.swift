import Foundation
import TestSupport
import Testing

/// `hilum model data`, `hilum model evaluate`, `hilum explain --score` on a data set of two images.
@Suite struct EvaluationTests {
    /// A picture of 128 x 128 twice, once with a box.
    private func dataset(_ scratch: Scratch) throws -> String {
        let source = Fixtures.path("gray8.png")
        for name in ["a.png", "b.png"] {
            try FileManager.default.copyItem(atPath: source, toPath: "\(scratch.path)/\(name)")
        }
        let coco = """
            {"images": [{"id": 1, "file_name": "a.png", "split": "val"}, {"id": 2, "file_name": "b.png", "split": "val"}],
             "categories": [{"id": 1, "name": "glioma"}],
             "annotations": [{"image_id": 1, "category_id": 1, "bbox": [20, 30, 40, 50]}]}
            """
        return try scratch.write(Array(coco.utf8), "truth.json")
    }

    private func metrics(_ path: String) throws -> [String: Double] {
        let json = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path))) as? [String: Any]
        let metrics = try #require(json?["metrics"] as? [String: [String: Any]])
        return metrics.compactMapValues { $0["value"] as? Double }
    }

    @Test func anybodysPredictionsAreMeasured() throws {
        let scratch = try Scratch()
        let data = try dataset(scratch)
        let found = try scratch.write(
            Array(
                #"""
                [{"image_id": 1, "category_id": "glioma", "bbox": [20, 30, 40, 40], "score": 0.9},
                 {"image_id": "b.png", "category_id": 1, "bbox": [5, 5, 9, 9], "score": 0.6}]
                """#.utf8), "found.json")
        let result = try HilumCommand.run([
            "model", "evaluate", "--data", data, "--predictions", found, "-o", "\(scratch.path)/out",
        ])
        #expect(result.status == 0, "\(result.errors)")
        let numbers = try metrics("\(scratch.path)/out/evaluation.json")
        #expect(numbers["mAP50 over classes"] == 1)
        #expect(numbers["sensitivity at threshold 0.5"] == 1)
        #expect(numbers["false positives per image at threshold"] == 0.5)
        // 40 x 40 of 40 x 50 pixels.
        #expect(numbers["Dice of areas in boxes at threshold"].map { abs($0 - 8.0 / 18) < 1e-9 } == true)
        for name in ["froc", "precision-recall", "reliability"] {
            #expect(FileManager.default.fileExists(atPath: "\(scratch.path)/out/\(name).png"))
        }
        // What was written is measured alike.
        let again = try HilumCommand.run([
            "model", "evaluate", "--data", data, "--predictions", "\(scratch.path)/out/predictions.json",
            "--against", found, "-o", "\(scratch.path)/again.json",
        ])
        #expect(again.status == 0, "\(again.errors)")
        let repeated = try metrics("\(scratch.path)/again.json")
        #expect(repeated["mAP50 over classes"] == 1 && repeated["McNemar: exact p"] == 1)
    }

    /// The second image has no true box, and no size in the data set: a found box must not give it one.
    @Test func predictionsOfAnySizeAreMeasured() throws {
        let scratch = try Scratch()
        let found = try scratch.write(
            Array(
                #"""
                [{"image_id": 1, "category_id": 1, "bbox": [0, 0, 1e30, 1e30], "score": 0.9},
                 {"image_id": 2, "category_id": 1, "bbox": [0, 0, 1e30, 1e30], "score": 0.9}]
                """#.utf8), "found.json")
        let result = try HilumCommand.run([
            "model", "evaluate", "--data", try dataset(scratch), "--predictions", found, "-o",
            "\(scratch.path)/out.json",
        ])
        #expect(result.status == 0, "\(result.errors)")
        // 40 x 50 of 128 x 128 pixels, and nothing of the other image.
        let dice = try metrics("\(scratch.path)/out.json")["Dice of areas in boxes at threshold"]
        #expect(dice.map { abs($0 - 2000.0 / (2000 + 128 * 128)) < 1e-9 } == true)
    }

    /// Where a finding has no box, its image is no example of nothing.
    @Test func labelsWithoutBoxesAreNothingToLearnFrom() throws {
        let scratch = try Scratch()
        let folder = "\(scratch.path)/CheXpert-v1.0-small/valid"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for name in ["a.png", "b.png"] {
            try FileManager.default.copyItem(atPath: Fixtures.path("gray8.png"), toPath: "\(folder)/\(name)")
        }
        let table = """
            Path,Sex,Age,Frontal/Lateral,AP/PA,No Finding,Edema
            CheXpert-v1.0-small/valid/a.png,Male,60,Frontal,AP,,1.0
            CheXpert-v1.0-small/valid/b.png,Male,61,Frontal,AP,1.0,

            """
        let data = try scratch.write(Array(table.utf8), "CheXpert-v1.0-small/valid.csv")
        let recipe = try scratch.write(
            Array("name: a\nclasses: [Edema]\ndata: { train: val }\n".utf8), "recipe.yaml")
        let trained = try HilumCommand.run("model", "train", recipe, "--data", data, "-o", "\(scratch.path)/model")
        #expect(trained.status == 2 && trained.errors.contains("a detector learns from boxes"), "\(trained.errors)")
        let measured = try HilumCommand.run("model", "evaluate", "brain-mri-tumour", "--data", data)
        #expect(measured.output.contains("findings and no box count for scores of images only: 1."))
    }

    @Test func badPredictionsAreRefused() throws {
        let scratch = try Scratch()
        let data = try dataset(scratch)
        for (entry, words) in [
            (#"{"image_id": 9, "category_id": 1, "bbox": [1, 1, 2, 2], "score": 0.5}"#, "entry 1"),
            (#"{"image_id": 1, "category_id": 7, "bbox": [1, 1, 2, 2], "score": 0.5}"#, "class"),
            (#"{"image_id": 1, "category_id": 1, "bbox": [1, 1, 2, 2], "score": 1.5}"#, "score"),
            (#"{"image_id": 1, "category_id": 1, "bbox": [1, 1, 0, 2], "score": 0.5}"#, "bbox"),
            (#"{"image_id": 1, "category_id": 1, "bbox": [1, 1, 2, 2]}"#, "missing"),
        ] {
            let found = try scratch.write(Array("[\(entry)]".utf8), "found.json")
            let result = try HilumCommand.run(["model", "evaluate", "--data", data, "--predictions", found])
            #expect(result.status == 2 && result.errors.contains(words), "\(result.errors)")
        }
        let none = try HilumCommand.run(["model", "evaluate", "--data", data])
        #expect(none.status == 2)
    }

    @Test func imagesOfAnotherSizeThanStatedAreRefused() throws {
        let scratch = try Scratch()
        let data = try dataset(scratch)
        let text = try String(contentsOfFile: data, encoding: .utf8)
        _ = try scratch.write(
            Array(text.replacing("\"b.png\",", with: "\"b.png\", \"width\": 64, \"height\": 64,").utf8), "truth.json")
        for words in [["data", data], ["evaluate", "brain-mri-tumour", "--data", data]] {
            let result = try HilumCommand.run(["model"] + words)
            #expect(result.status != 0 && result.errors.contains("truth.json image 2 says 64 x 64"), "\(result.errors)")
        }
    }

    @Test func modelsAreMeasuredAndExplained() throws {
        let scratch = try Scratch()
        let data = try dataset(scratch)
        let result = try HilumCommand.run([
            "model", "evaluate", "brain-mri-tumour", "--data", data, "-o", "\(scratch.path)/out", "--contact-sheet",
            "\(scratch.path)/sheet.png",
        ])
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.errors.contains("COCO JSON: 2 images, 1 boxes"))
        #expect(try metrics("\(scratch.path)/out/evaluation.json").count > 20)
        #expect(FileManager.default.fileExists(atPath: "\(scratch.path)/sheet.png"))
        let scored = try HilumCommand.run([
            "explain", data, "--score", "--shuffled", "0", "-o", "\(scratch.path)/explained",
        ])
        #expect(scored.status == 0, "\(scored.errors)")
        #expect(
            try metrics("\(scratch.path)/explained/explanations.json")["hirescam, pyramid-smooth: insertion"] != nil)
    }

    @Test func optionsOfTheOtherModeAreRefused() throws {
        let scratch = try Scratch()
        let data = try dataset(scratch)
        for (arguments, words) in [
            (["--steps", "3", "--limit", "1"], "--steps, --limit: needs --score"),
            (["--baseline", "zero"], "--baseline: needs --score"),
            (["--score", "--resume", "--seed", "4"], "--seed, --resume: not with --score"),
        ] {
            let result = try HilumCommand.run(["explain", data, "-o", "\(scratch.path)/out"] + arguments)
            #expect(result.status == 2 && result.errors.contains(words), "\(result.errors)")
        }
        #expect(!FileManager.default.fileExists(atPath: "\(scratch.path)/out"))
    }
}
