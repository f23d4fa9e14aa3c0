import Testing

@testable import Training

/// What is wrong with data sets is named, and refused or mended by the rule that was asked for.
struct DatasetProblemsTests {
    /// RSNA's table is the plainest place for odd boxes.
    private func read(
        _ rows: String, files: [String] = ["a", "b"], _ change: (inout DatasetOptions) -> Void = { _ in }
    ) throws -> LabelledDataset {
        let data = try GeneratedDataset()
        defer { data.remove() }
        for file in files { try data.write("\(file).png") }
        try data.write("labels.csv", "patientId,x,y,width,height,Target\n" + rows)
        return try data.read(nil, change)
    }

    private func message(_ body: () throws -> LabelledDataset) -> String {
        do {
            _ = try body()
            return ""
        } catch { return "\(error)" }
    }

    private let odd = "a,90,10,20,20,1\na,10,10,0,5,1\na,200,10,5,5,1\na,nan,1,1,1,1\nb,99,79,1.3,1.2,1\n"

    @Test func oddBoxesAreCountedAndNamed() {
        let text = message { try read(odd) }
        for part in [
            "1 boxes leave their image (labels.csv:2)", "1 boxes have no area (labels.csv:3)",
            "1 boxes lie outside their image (labels.csv:4)", "1 boxes hold no numbers (labels.csv:5)",
        ] { #expect(text.contains(part), "\(part) in \(text)") }
        // Rounding is no fault.
        #expect(!text.contains(":6"))
    }

    @Test func clippingKeepsWhatLiesInside() throws {
        let dataset = try read(odd) { $0.boxes = .clip }
        #expect(dataset.images[0].boxes == [LabelledBox(x0: 90, y0: 10, x1: 100, y1: 30, label: "pneumonia")])
        #expect(dataset.images[1].boxes == [LabelledBox(x0: 99, y0: 79, x1: 100, y1: 80, label: "pneumonia")])
        #expect(dataset.problems.count == 4 && dataset.problemSummary.count == 4)
    }

    @Test func missingFilesAreRefusedUnlessAskedFor() throws {
        #expect(
            message { try read("a,,,,,0\nb,,,,,0\n", files: ["a"]) }.contains(
                "1 image files are missing (labels.csv:3)"))
        let dataset = try read("a,,,,,0\nb,,,,,0\n", files: ["a"]) { $0.skipsMissingFiles = true }
        #expect(dataset.images.map(\.name) == ["a"] && dataset.problems.map(\.kind) == [.missingFile])
    }

    @Test func repeatedBoxesCountOnce() throws {
        let dataset = try read("a,1,1,5,5,1\na,1,1,5,5,1\n")
        #expect(dataset.images[0].boxes.count == 1 && dataset.problems.map(\.kind) == [.repeated])
    }

    @Test(arguments: [
        ("a,1,1,5,5,0\n", "Target must be"), ("a,,,,,1\n", "no number"), ("a,,,,,0\na,,,,,0\n", "named before"),
        ("a,1,1,5\n", "4 fields"), ("a,x,1,5,5,1\n", "\"x\""),
    ])
    func badRowsNameTheirLine(rows: String, words: String) {
        let text = message { try read(rows) }
        #expect(text.contains(words) && text.contains("labels.csv:"), "\(text)")
    }

    @Test func twoFilesOfOneNameAreNoGuess() throws {
        let data = try GeneratedDataset()
        defer { data.remove() }
        for folder in ["x", "y"] { try data.write("\(folder)/a.png") }
        try data.write("labels.csv", "patientId,x,y,width,height,Target\na,,,,,0\n")
        #expect(message { try data.read() }.contains("same name"))
    }

    /// Numbers start anew in every folder: a lost image is not replaced by its namesake.
    @Test func imagesOfOtherFoldersAreOthers() throws {
        let data = try GeneratedDataset()
        defer { data.remove() }
        let header = "image,split,class,width,height,boxes_xyxy\n"
        try data.write("unpacked/p2/001.png")
        try data.write("index.csv", header + "p1/001.png,val,none,100,80,\np2/001.png,val,none,100,80,\n")
        #expect(message { try data.read() }.contains("1 image files are missing (index.csv:2)"))
        #expect(try data.read(nil) { $0.skipsMissingFiles = true }.images.map(\.name) == ["p2/001.png"])
        try data.write("index.csv", header + "p2/001.png,val,none,100,80,\n./p2/001.png,train,none,100,80,\n")
        #expect(message { try data.read() }.contains("index.csv:2 and index.csv:3 name the same image file"))
        // The folder of images may itself be the first part of the path.
        try data.write("index.csv", header + "p2/001.png,val,none,100,80,\n")
        #expect(try data.read(nil) { $0.imageFolder = data.folder + "/unpacked/p2" }.images.count == 1)
    }

    @Test func otherSizesThanTheFilesAreRefused() throws {
        let data = try GeneratedDataset()
        defer { data.remove() }
        try data.write("a.png")
        try data.write("index.csv", "image,split,class,width,height,boxes_xyxy\na.png,val,none,200,160,\n")
        let said = message { try data.read(nil) { $0.checksExtents = true } }
        #expect(said.contains("index.csv:2 says 200 x 160 pixels, the file has 100 x 80"), "\(said)")
        var image = try data.read().images[0]
        #expect(throws: TrainingError.self) { try image.check(GeneratedDataset.extent) }
        try image.check(PixelExtent(width: 200, height: 160, isTurned: true))
        image.extent = PixelExtent(width: 80, height: 100)
        #expect { try image.check(PixelExtent(width: 100, height: 80, isTurned: true)) } throws: {
            "\($0)".contains("EXIF turns it")
        }
    }

    @Test func readersAreThoseOfTheDataSet() throws {
        let data = try GeneratedDataset()
        defer { data.remove() }
        for name in ["a", "b", "c"] { try data.write("\(name).dicom") }
        try data.write(
            "train.csv",
            "image_id,class_name,rad_id,x_min,y_min,x_max,y_max\na,edema,R1,1,1,9,9\na,No finding,R2,,,,\n"
                + "b,No finding,R1,,,,\nc,mass,R2,1,1,9,9\n")
        let second = try data.read(nil) { $0.readers = .one("R2") }
        #expect(second.images.map(\.name) == ["a", "c"] && second.images[0].boxes.isEmpty)
        #expect(second.problems == [DatasetProblem(kind: .unread, place: "train.csv:4")])
        // Results of all images name them, and the classes, by the same numbers.
        #expect(second.images.map(\.identifier) == [1, 3] && second.classes == ["edema", "mass"])
        let entry = "\"category_id\": 2, \"bbox\": [1, 1, 8, 8], \"score\": 0.5}"
        try data.write("found.json", "[{\"image_id\": 2, \(entry), {\"image_id\": 3, \(entry)]")
        let results = try COCOResults(path: data.folder + "/found.json").results(second.images, of: second)
        #expect(results.map { $0.found.map(\.box.label) } == [[], ["mass"]])
        #expect(
            message { try data.read(nil) { $0.readers = .one("R99") } }.contains("no reader \"R99\"; there are R1, R2"))
    }

    /// Options that a format knows nothing of are not passed over.
    @Test func optionsOfOtherFormatsAreRefused() {
        for readers in [ReaderChoice.consensus, .one("R1")] {
            #expect(message { try read("a,,,,,0\n") { $0.readers = readers } }.contains("leave out --readers"))
        }
        #expect(message { try read("a,,,,,0\n") { $0.uncertain = .zeros } }.contains("leave out --uncertain"))
    }

    @Test func imagesThatAreNotReadAreNotPassedOver() throws {
        let data = try GeneratedDataset()
        defer { data.remove() }
        try data.write(.yolo)
        for file in ["images/val/x.TIF", "images/val/patient00004_a.bmp", "labels/val/y.txt", "labels/val/classes.txt"]
        {
            try data.write(file)
        }
        let said = message { try data.read() }
        #expect(
            said.contains("1 image files are of a kind that is not read") && said.contains("images/val: .tif"),
            "\(said)")
        let dataset = try data.read(nil) { $0.skipsMissingFiles = true }
        #expect(dataset.images.count == GeneratedDataset.truths.count)
        #expect(Set(dataset.problems.map(\.kind)) == [.unreadable, .labelAlone] && dataset.problems.count == 2)
    }

    /// The index is no exception to the rules for boxes.
    @Test func boxesOfAnIndexAreClippedToo() throws {
        let data = try GeneratedDataset()
        defer { data.remove() }
        for name in ["a", "b", "c"] { try data.write("\(name).png") }
        try data.write(
            "index.csv",
            "image,split,class,width,height,boxes_xyxy\na.png,val,mass,100,80,50 50 100.3 70\n"
                + "b.png,val,mass,100,80,50 50 101 70;9 9 9 12\nc.png,val,mass,100,80,nan 0 1 1;0 0 1 1\n")
        let text = message { try data.read() }
        for part in [
            "1 boxes leave their image (index.csv:3)", "1 boxes have no area (index.csv:3)", "no numbers (index.csv:4)",
        ] {
            #expect(text.contains(part), "\(part) in \(text)")
        }
        let dataset = try data.read(nil) { $0.boxes = .clip }
        let edge = LabelledBox(x0: 50, y0: 50, x1: 100, y1: 70, label: "mass")
        #expect(dataset.images[0].boxes == [edge] && dataset.images[1].boxes == [edge])
        #expect(dataset.images[2].boxes.count == 1 && dataset.problems.count == 3)
    }

    /// What an evaluation wrote beside the data has `images` too: how many.
    @Test func resultsAreNoDataSet() throws {
        let data = try GeneratedDataset()
        defer { data.remove() }
        try data.write("eval.json", "{\n  \"images\" : 16,\n  \"info\": {}\n}\n")
        #expect(message { try data.read() }.contains("no data set of a known format"))
        try data.write(.rsna)
        #expect(try data.read().format == .rsna)
    }

    @Test func formatsAreFoundOrTheUserIsAsked() throws {
        let data = try GeneratedDataset()
        defer { data.remove() }
        try data.write("notes.csv", "a,b\n1,2\n")
        #expect(message { try data.read() }.contains("no data set of a known format"))
        try data.write(.rsna)
        #expect(try data.read().format == .rsna)
        try data.write(.yolo)
        #expect(message { try data.read() }.contains("several data sets"))
        #expect(try data.read(.yolo).format == .yolo)
        #expect(message { try data.read(.vindr) }.contains("holds no VinDr-CXR boxes"))
    }

    @Test(arguments: [
        ("{\"images\": [], \"annotations\": []}", "\"categories\" is missing"), ("{\"images\": [}", "no JSON"),
        (
            "{\"images\": [{\"id\": \"x\", \"file_name\": \"a\"}], \"annotations\": [], \"categories\": []}",
            "images.[0].id"
        ),
        (
            "{\"images\": [], \"annotations\": [{\"image_id\": 4, \"category_id\": 1, \"bbox\": [1, 2, 3, 4]}], \"categories\": []}",
            "image 4"
        ),
    ])
    func brokenCOCOIsNamed(text: String, words: String) throws {
        let data = try GeneratedDataset()
        defer { data.remove() }
        try data.write("c.json", text)
        let said = message { try data.read() }
        #expect(said.contains(words), "\(said)")
    }
}
