import Foundation
import PNG
import TestSupport
import Testing

/// `hilum model train` on pictures drawn here, with a network of a few thousand parameters.
struct TrainTests {
    private static let recipe = """
        name: tiny
        classes: [round, square]
        architecture:
          { preset: hvit-ti, stemChannels: 4, stage1Channels: 6, stage1Blocks: 1, window: 4, stage2Channels: 12,
            stage2Blocks: 1, mlpRatio: 2, pyramidChannels: 8, queries: 6, decoderLayers: 1, boxFrequencies: 2 }
        data: { heldOut: 0.25, block: 1 }
        schedule: { epochs: 6, batch: 4, sizes: [{ size: 32, until: 0.5 }, { size: 64 }], look: 3, patience: 3 }
        """

    /// A folder with a recipe and a data set of twenty pictures, most with a bright spot.
    private func folder() throws -> Scratch {
        let scratch = try Scratch()
        try Data(Self.recipe.utf8).write(to: URL(filePath: "\(scratch.path)/recipe.yaml"))
        var index = "image,split,class,width,height,boxes_xyxy\n"
        for number in 0..<20 {
            let (left, top, side) = (8 + number * 7 % 40, 8 + number * 13 % 40, 20)
            let isEmpty = number % 5 == 0
            let pixels = (0..<80 * 80).map { place -> UInt8 in
                let (x, y) = (place % 80, place / 80)
                guard !isEmpty, (left..<left + side).contains(x), (top..<top + side).contains(y) else {
                    return UInt8(40 + (x * 31 + y * 17) % 30)
                }
                return UInt8(200 + (x + y) % 20)
            }
            try Data(PNGFile.encode(width: 80, height: 80, channels: 1, bytes: pixels))
                .write(to: URL(filePath: "\(scratch.path)/\(number).png"))
            let split = number < 14 ? "train" : "val"
            let label = isEmpty ? "none," : number % 2 == 0 ? "round," : "square,"
            let box = isEmpty ? "" : "\(left) \(top) \(left + side) \(top + side)"
            index += "\(number).png,\(split),\(label)80,80,\(box)\n"
        }
        try Data(index.utf8).write(to: URL(filePath: "\(scratch.path)/index.csv"))
        return scratch
    }

    private func arguments(_ scratch: Scratch, _ out: String, _ more: [String] = []) -> [String] {
        ["model", "train", "\(scratch.path)/recipe.yaml", "--data", scratch.path, "-o", out, "--quiet"] + more
    }

    private func model(_ out: String) throws -> [Data] {
        try ["weights.safetensors", "config.json"].map { try Data(contentsOf: URL(filePath: "\(out)/model/\($0)")) }
    }

    @Test func aKilledTrainingResumesToTheSameWeights() throws {
        let scratch = try folder()
        let start = ContinuousClock.now
        let whole = "\(scratch.path)/whole"
        let first = try HilumCommand.run(arguments(scratch, whole, ["--workers", "1"]))
        #expect(first.status == 0, "\(first.errors)")
        let duration = (ContinuousClock.now - start) / .seconds(1)
        let expected = try model(whole)
        var interrupted = 0
        for round in 0..<3 {
            let out = "\(scratch.path)/killed-\(round)"
            for _ in 0..<3 {
                let process = try HilumCommand.start(arguments(scratch, out, ["--workers", "2"]))
                usleep(UInt32(Double.random(in: 0.2...0.9) * duration * 1e6))
                kill(process.processIdentifier, SIGKILL)
                process.waitUntilExit()
                if process.terminationReason == .uncaughtSignal { interrupted += 1 }
            }
            #expect(try HilumCommand.run(arguments(scratch, out, ["--workers", "2"])).status == 0)
            #expect(try model(out) == expected, "round \(round)")
        }
        #expect(interrupted > 0)
        let lines = try String(contentsOfFile: "\(whole)/losses.csv", encoding: .utf8).split(separator: "\n")
        for picture in ["losses", "validation"] {
            #expect(try PNGFile.header(path: "\(whole)/\(picture).png").width == 800)
        }
        #expect(lines.count == 7 && lines[0].hasPrefix("epoch,steps,size,rate,total"))
    }

    /// A model, an adapter to it, one that goes on from it with larger images, and a student of it.
    @Test func modelsAreAdaptedAndTeach() throws {
        let scratch = try folder()
        let (base, adapted, student) = ("\(scratch.path)/base", "\(scratch.path)/adapted", "\(scratch.path)/student")
        let quick = ["--overfit", "3", "--set", "schedule.epochs=2"]
        #expect(try HilumCommand.run(arguments(scratch, base, quick)).status == 0)
        let adaptation = try HilumCommand.run(
            arguments(scratch, adapted, quick + ["--set", "adaptation.rank=2", "--from", "\(base)/model"]))
        #expect(adaptation.status == 0, "\(adaptation.errors)")
        let sizes = try ["\(adapted)/adapter/adapter_model.safetensors", "\(adapted)/model/weights.safetensors"]
            .map { try Data(contentsOf: URL(filePath: $0)).count }
        #expect(sizes[0] < sizes[1] / 2)
        try expectMerging(adapted, into: base, scratch)
        // Added to what it was added to already, it means nothing.
        let twice = try HilumCommand.run(
            "model", "convert", "\(adapted)/model", "--adapter", "\(adapted)/adapter", "-o", "\(scratch.path)/twice")
        #expect(twice.status == 2 && twice.errors.contains("learned for a model whose sha256"), "\(twice.errors)")
        // As PEFT writes adapters: nothing is known of their calibration.
        try FileManager.default.removeItem(atPath: "\(adapted)/adapter/config.json")
        let plain = try HilumCommand.run(
            "model", "convert", "\(base)/model", "--adapter", "\(adapted)/adapter", "-o", "\(scratch.path)/onnx")
        #expect(plain.status == 0 && plain.errors.contains("has no config.json"), "\(plain.errors)")
        let larger = try HilumCommand.run(
            arguments(
                scratch, "\(scratch.path)/larger", quick + ["--set", "schedule.sizes=96", "--from", "\(base)/model"]))
        #expect(larger.status == 0, "\(larger.errors)")
        let taught = try HilumCommand.run(
            arguments(scratch, student, quick + ["--set", "distillation.alpha=0.7", "--teacher", "\(base)/model"]))
        #expect(taught.status == 0, "\(taught.errors)")
        let kept = ["--set", "adaptation.rank=2", "--set", "adaptation.heads=kept", "--from", "\(base)/model"]
        for (classes, words) in [
            ("[square, round]", "in another order; write them as round, square"),
            ("[square, round, flat]", "must be those of"),
        ] {
            let more = classes.contains("flat") ? kept : Array(kept.suffix(2))
            let result = try HilumCommand.run(
                arguments(scratch, "\(scratch.path)/none", more + ["--set", "classes=\(classes)"]))
            #expect(result.status == 2 && result.errors.contains(words), "\(result.errors)")
        }
        let alone = try HilumCommand.run(arguments(scratch, "\(scratch.path)/none", ["--set", "adaptation.rank=2"]))
        #expect(alone.status == 2 && alone.errors.contains("--from"))
        let deeper = ["--set", "architecture.stage2Blocks=2", "--from", "\(base)/model"]
        let other = try HilumCommand.run(arguments(scratch, "\(scratch.path)/none", deeper))
        #expect(other.status == 2 && other.errors.contains("with another stage2Blocks"), "\(other.errors)")
    }

    /// That a training's adapter, merged into its base, is the model beside it.
    private func expectMerging(_ adapted: String, into base: String, _ scratch: Scratch) throws {
        let merged = try HilumCommand.run(
            "model", "convert", "\(base)/model", "--adapter", "\(adapted)/adapter", "--format", "safetensors", "-o",
            "\(scratch.path)/merged/model")
        #expect(merged.status == 0 && merged.errors.isEmpty, "\(merged.errors)")
        #expect(try model("\(scratch.path)/merged") == model(adapted))
    }

    /// A backbone from images whose labels nobody needs, a detector that begins with it, and an adapter for one class more.
    @Test func otherClassesBeginAnew() throws {
        let scratch = try folder()
        let (backbone, base, adapted) = ("\(scratch.path)/backbone", "\(scratch.path)/base", "\(scratch.path)/adapted")
        let quick = ["--set", "schedule.epochs=1"]
        let pretraining = ["--set", "pretraining.masked=0.6", "--set", "classes=[lesion]"]
        let seen = try HilumCommand.run(arguments(scratch, backbone, quick + pretraining))
        #expect(seen.status == 0, "\(seen.errors)")
        let found = try HilumCommand.run(
            arguments(scratch, base, quick + ["--from", "\(backbone)/model"]).filter { $0 != "--quiet" })
        #expect(
            found.status == 0
                && found.errors.contains("1 class (lesion), the recipe 2: the outputs for classes begin anew"),
            "\(found.errors)")
        let third = ["--set", "classes=[round, square, flat]", "--set", "adaptation.rank=2", "--from", "\(base)/model"]
        let more = try HilumCommand.run(arguments(scratch, adapted, quick + third))
        #expect(more.status == 0, "\(more.errors)")
        try expectMerging(adapted, into: base, scratch)
        let kept = try HilumCommand.run(
            arguments(scratch, "\(scratch.path)/none", quick + third + ["--set", "adaptation.heads=kept"]))
        #expect(kept.status == 2 && kept.errors.contains("2 classes (round, square), the recipe 3"), "\(kept.errors)")
    }

    /// Their checkpoints, models and tables are not ours to write over.
    @Test func otherPeoplesFoldersAreRefused() throws {
        let scratch = try folder()
        for name in ["model/config.json", "losses.csv"] {
            let out = "\(scratch.path)/\(name.count)"
            try FileManager.default.createDirectory(atPath: "\(out)/model", withIntermediateDirectories: true)
            try Data([1]).write(to: URL(filePath: "\(out)/\(name)"))
            let before = try tree(out)
            let result = try HilumCommand.run(arguments(scratch, out))
            #expect(result.status == 2 && result.errors.contains("no checkpoint.json"), "\(result.errors)")
            #expect(try tree(out) == before)
        }
    }

    /// A part in which there is nothing to find chooses nothing, and that is said.
    @Test func partsWithoutBoxesAreNamed() throws {
        let scratch = try folder()
        let path = "\(scratch.path)/index.csv"
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { line in
            line.contains(",val,") ? line.split(separator: ",")[0] + ",val,none,80,80," : line
        }
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: path))
        let result = try HilumCommand.run(arguments(scratch, "\(scratch.path)/out"))
        #expect(
            result.status == 0 && result.errors.contains("warning: no image to validate with has a box")
                && result.output.contains("validation AP50 dense -, queries -"), "\(result.errors)\(result.output)")
    }

    @Test func mistakesAreNamedBeforeAnythingIsWritten() throws {
        let scratch = try folder()
        let out = "\(scratch.path)/out"
        func refused(_ more: [String], _ words: String) throws {
            let result = try HilumCommand.run(arguments(scratch, out, more))
            #expect(result.status == 2 && result.errors.contains(words), "\(result.errors)")
            #expect(!FileManager.default.fileExists(atPath: out))
        }
        try refused(["--set", "schedule.epochs=0"], "epochs: expected a whole number")
        try refused(["--set", "schedule.sizes=100"], "100 is no multiple of 32")
        try refused(["--set", "architecture.queries=4000"], "the network at 32 pixels: queries must be at most")
        try refused(["--set", "classes=[round, ' ']"], "classes must be names")
        try refused(["--set", "classes=[round]"], "boxes of the class 'square'")
        try refused(["--set", "data.train=other"], "no images in the part 'other'")
        try refused(["--overfit", "400"], "images with a finding")
        try refused(["--overfit", "2", "--limit", "2"], "leave out --limit")
        // Colours and several slices were a trap.
        try FileManager.default.removeItem(atPath: "\(scratch.path)/19.png")
        try FileManager.default.copyItem(atPath: Fixtures.path("us_rgb.dcm"), toPath: "\(scratch.path)/19.png")
        let index = try String(contentsOfFile: "\(scratch.path)/index.csv", encoding: .utf8)
        try Data(index.replacing("19.png,val,square,80,80,", with: "19.png,val,square,320,240,").utf8)
            .write(to: URL(filePath: "\(scratch.path)/index.csv"))
        let result = try HilumCommand.run(arguments(scratch, out))
        #expect(
            result.status == 2 && result.errors.contains("19.png: a data set is of single gray images"),
            "\(result.errors)")
    }

    @Test func anotherRecipeDoesNotGoOnWithACheckpoint() throws {
        let scratch = try folder()
        let out = "\(scratch.path)/out"
        #expect(try HilumCommand.run(arguments(scratch, out, ["--overfit", "2"])).status == 0)
        let result = try HilumCommand.run(arguments(scratch, out))
        #expect(result.status != 0 && result.errors.contains("belongs to another recipe or data set"))
        // Nor with other pixels under the same names.
        let one = "\(scratch.path)/1.png"
        for name in (0..<20).map({ "\(scratch.path)/\($0).png" }) where name != one {
            try FileManager.default.removeItem(atPath: name)
            try FileManager.default.copyItem(atPath: one, toPath: name)
        }
        let changed = try HilumCommand.run(arguments(scratch, out, ["--overfit", "2"]))
        #expect(changed.status != 0 && changed.errors.contains("belongs to another recipe or data set"))
    }
}
