import Testing

@testable import Training

/// COCO data sets of several files: each part may number its images from 1, as exports do.
struct COCOPartsTests {
    private static let alike = "{\"id\": 1, \"name\": \"a\"}, {\"id\": 7, \"name\": \"b\"}"

    private func part(_ split: String, categories: String = alike) -> String {
        """
        {"images": [{"id": 1, "file_name": "\(split)1.png", "width": 100, "height": 80, "labels": {"Mass": true}},
        {"id": 2, "file_name": "\(split)2.png", "width": 100, "height": 80}],
        "annotations": [{"image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4]}], "categories": [\(categories)]}
        """
    }

    /// - Parameter body: is given the data set and the folder it lies in.
    private func withParts(
        _ names: [String] = ["train", "val"], categories: [String] = [alike, alike],
        _ body: (GeneratedDataset, LabelledDataset) throws -> Void
    ) throws {
        let data = try GeneratedDataset()
        defer { data.remove() }
        for (name, categories) in zip(names, categories) {
            for number in 1...2 { try data.write("\(name)\(number).png") }
            try data.write("annotations/\(name).json", part(name, categories: categories))
        }
        try body(data, try data.read())
    }

    @Test func resultsGoToThePartThatIsMeasured() throws {
        try withParts { data, dataset in
            for split in ["train", "val"] {
                let images = dataset.images.filter { $0.split == split }
                let found = images.map { image in
                    ImageResult(found: image.boxes.map { ScoredBox(box: $0, score: 0.5) }, truth: image.boxes)
                }
                try data.write("found.json", COCOResults.text(found, images, of: dataset))
                let read = try COCOResults(path: data.folder + "/found.json").results(images, of: dataset)
                #expect(read.map(\.found) == found.map(\.found))
            }
            try data.write(
                "found.json", "[{\"image_id\": 3, \"category_id\": 1, \"bbox\": [1, 2, 3, 4], \"score\": 0.5}]")
            #expect(throws: TrainingError.self) {
                try COCOResults(path: data.folder + "/found.json").results(dataset.images, of: dataset)
            }
        }
    }

    /// Files that name no part: all images are measured, and a number does not tell which is meant.
    @Test func numbersOfSeveralImagesAreNoGuess() throws {
        try withParts(["left", "right"]) { data, dataset in
            let found = dataset.images.map { image in
                ImageResult(found: image.boxes.map { ScoredBox(box: $0, score: 0.5) }, truth: image.boxes)
            }
            let text = COCOResults.text(found, dataset.images, of: dataset)
            #expect(text.contains("\"left1.png\"") && text.contains("\"right1.png\""))
            try data.write("found.json", text)
            let read = try COCOResults(path: data.folder + "/found.json").results(dataset.images, of: dataset)
            #expect(read.map(\.found) == found.map(\.found))
            try data.write(
                "found.json", "[{\"image_id\": 1, \"category_id\": 1, \"bbox\": [1, 2, 3, 4], \"score\": 0.5}]")
            #expect {
                try COCOResults(path: data.folder + "/found.json").results(dataset.images, of: dataset)
            } throws: {
                "\($0)".contains("several images")
            }
        }
    }

    @Test func oneFileOfAllPartsIsReadAgain() throws {
        try withParts { data, dataset in
            var numbered = dataset
            #expect(numbered.numberApart() == 2 && numbered.images.map(\.identifier) == [1, 2, 3, 4])
            #expect(numbered.numberApart() == 0)
            let text = try numbered.cocoText { (_) throws(TrainingError) in GeneratedDataset.extent }
            try data.write("all.json", text)
            let options = DatasetOptions { (_) throws(TrainingError) in GeneratedDataset.extent }
            let after = try LabelledDataset(path: data.folder + "/all.json", options: options)
            #expect(after.images.map(\.boxes) == dataset.images.map(\.boxes))
            #expect(after.images.map(\.labels) == [["Mass": true], [:], ["Mass": true], [:]])
            #expect(after.images.map(\.split) == dataset.images.map(\.split))
        }
    }

    @Test(arguments: [
        "{\"id\": 1, \"name\": \"b\"}, {\"id\": 7, \"name\": \"a\"}",
        "{\"id\": 1, \"name\": \"a\"}, {\"id\": 8, \"name\": \"b\"}",
    ])
    func partsAgreeOnTheNumbersOfClasses(categories: String) {
        #expect {
            try withParts(categories: [Self.alike, categories]) { _, _ in }
        } throws: {
            "\($0)".contains("val.json: category") && "\($0)".contains("one id in all files")
        }
    }

    @Test func partsMayHoldDifferentClasses() throws {
        try withParts(categories: [Self.alike, "{\"id\": 1, \"name\": \"a\"}, {\"id\": 9, \"name\": \"c\"}"]) {
            _, dataset in
            #expect(dataset.categories == [1: "a", 7: "b", 9: "c"])
        }
    }
}
