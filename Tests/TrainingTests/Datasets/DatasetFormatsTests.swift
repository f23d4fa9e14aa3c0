import Testing

@testable import Training

/// The same six images in seven formats.
struct DatasetFormatsTests {
    private func boxes(_ dataset: LabelledDataset) -> [String: Set<LabelledBox>] {
        Dictionary(
            uniqueKeysWithValues: dataset.images.map { image in
                let name = image.path.split(separator: "/").last!.split(separator: ".").first!
                return (String(name), Set(image.boxes))
            })
    }

    private func expected(only label: String? = nil, as name: String? = nil) -> [String: Set<LabelledBox>] {
        Dictionary(
            uniqueKeysWithValues: GeneratedDataset.truths.map { truth in
                let boxes = truth.boxes.filter { label == nil || $0.label == label }.map { box in
                    let e = box.edges.map { Float($0) }
                    return LabelledBox(x0: e[0], y0: e[1], x1: e[2], y1: e[3], label: name ?? box.label)
                }
                return (truth.name, Set(boxes))
            })
    }

    private func generated(_ format: DatasetFormat, _ change: (inout DatasetOptions) -> Void = { _ in }) throws
        -> LabelledDataset
    {
        let data = try GeneratedDataset()
        defer { data.remove() }
        try data.write(format)
        let dataset = try data.read(nil, change)
        #expect(dataset.format == format)
        #expect(dataset.images.count == GeneratedDataset.truths.count)
        return dataset
    }

    @Test func coco() throws {
        let dataset = try generated(.coco)
        #expect(boxes(dataset) == expected())
        #expect(dataset.classes == ["mass", "nodule"] && dataset.categories == [1: "mass", 3: "nodule"])
        #expect(dataset.images.count { $0.split == "val" } == 2 && dataset.images[0].identifier == 10)
        #expect(dataset.summary.contains("COCO JSON: 6 images, 5 boxes"))
    }

    @Test func yolo() throws {
        let dataset = try generated(.yolo)
        let found = boxes(dataset)
        for (name, truth) in expected() {
            let sorted = { (set: Set<LabelledBox>) in set.sorted { $0.x0 < $1.x0 } }
            #expect(found[name]?.count == truth.count)
            for (a, b) in zip(sorted(found[name] ?? []), sorted(truth)) {
                #expect(a.label == b.label && a.overlap(b) > 0.9999)
            }
        }
        #expect(dataset.images.count { $0.split == "train" } == 4)
    }

    /// Names as a map, a list of paths, a part with nothing behind it, and keys that are YOLO's own.
    @Test func yoloAsOthersWriteIt() throws {
        let data = try GeneratedDataset()
        defer { data.remove() }
        try data.write(.yolo)
        let plain = try data.read(.yolo)
        try data.write(
            "data.yaml", "nc: 2\ntest:\ntrain: [images/train]\nval: images/val\nnames: {1: nodule, 0: mass}\n")
        let other = try data.read(.yolo)
        #expect(boxes(other) == boxes(plain) && other.classes == plain.classes)
        #expect(other.images.map(\.split) == plain.images.map(\.split))
        for (text, words) in [
            ("train: images/train\nnames: { one: mass }\n", "2: a class's number must be whole"),
            ("train: { a: b }\nnames: [mass]\n", "1: expected a name"), ("train:\nnames: [mass]\n", "it needs names"),
        ] {
            try data.write("data.yaml", text)
            #expect { try data.read(.yolo) } throws: { "\($0)".contains(words) }
        }
    }

    @Test func indexWithPatients() throws {
        let dataset = try generated(.index)
        #expect(boxes(dataset)["patient00001_b"] == expected()["patient00001_b"])
        #expect(Set(dataset.images.compactMap(\.patient)).count == 5 && dataset.images[0].site == "here")
    }

    @Test func nihWithLabelsAndPatients() throws {
        let dataset = try generated(.nih)
        #expect(boxes(dataset) == expected())
        #expect(dataset.images[0].labels == ["mass": true] && dataset.images[2].isAbnormal == false)
        #expect(dataset.images.map(\.patient)[3] == "00003")
        #expect(dataset.images.count { $0.split == "test" } == 2)
    }

    @Test func rsna() throws {
        let dataset = try generated(.rsna)
        #expect(boxes(dataset) == expected(as: "pneumonia"))
        #expect(dataset.images[5].boxes.isEmpty && dataset.images[5].patient != nil)
    }

    @Test func vindrWithReaders() throws {
        let all = try generated(.vindr)
        #expect(all.images[0].boxes.map(\.reader) == ["R1", "R2"] && all.images[0].readers == ["R1", "R2", "R3"])
        #expect(boxes(try generated(.vindr) { $0.readers = .consensus }) == expected())
        #expect(try generated(.vindr) { $0.readers = .one("R3") }.images.allSatisfy { $0.boxes.isEmpty })
    }

    @Test(arguments: [(UncertainLabels.ones, true as Bool?), (.zeros, false), (.ignore, nil)])
    func chexpert(policy: UncertainLabels, expected: Bool?) throws {
        let dataset = try generated(.chexpert) { $0.uncertain = policy }
        #expect(dataset.images[1].labels["Lung Lesion"] == expected)
        #expect(dataset.images[0].labels == ["No Finding": false, "Lung Lesion": true, "Pleural Effusion": false])
        #expect(dataset.images[0].isAbnormal && !dataset.images[2].isAbnormal)
        #expect(dataset.images[3].patient == "patient00003" && dataset.images[4].split == "val")
    }

    @Test func supportDevicesAreNoFinding() throws {
        let data = try GeneratedDataset()
        defer { data.remove() }
        for name in ["a", "b"] { try data.write("train/\(name).jpg") }
        try data.write(
            "train.csv", "Path,No Finding,Support Devices,Edema\ntrain/a.jpg,1.0,1.0,\ntrain/b.jpg,,1.0,1.0\n")
        let dataset = try data.read()
        #expect(dataset.images.map(\.isAbnormal) == [false, true])
        #expect(dataset.images[0].labels["Support Devices"] == true)
    }

    /// As released: the test part has no readers, because they agreed there.
    @Test func vindrWithItsTestPart() throws {
        let data = try GeneratedDataset()
        defer { data.remove() }
        for name in ["train/a", "train/b", "test/c"] { try data.write("\(name).dicom") }
        let train = "image_id,rad_id,class_name,x_min,y_min,x_max,y_max\na,R1,mass,1,1,9,9\na,R2,No finding,,,,\n"
        try data.write("annotations/annotations_train.csv", train + "b,R2,No finding,,,,\n")
        let test = "image_id,class_name,x_min,y_min,x_max,y_max\n"
        try data.write("annotations/annotations_test.csv", test + "c,mass,2,2,9,9\n")
        for (readers, boxes) in [
            (ReaderChoice.all, ["c": 1, "a": 1, "b": 0]), (.consensus, ["c": 1, "a": 0, "b": 0]),
            (.one("R1"), ["c": 1, "a": 1]),
        ] {
            let dataset = try data.read { $0.readers = readers }
            #expect(Dictionary(uniqueKeysWithValues: dataset.images.map { ($0.name, $0.boxes.count) }) == boxes)
            #expect(dataset.images.map(\.split) == ["test"] + Array(repeating: "train", count: boxes.count - 1))
        }
        try data.write("annotations/annotations_test.csv", test + "a,mass,2,2,9,9\n")
        #expect { try data.read() } throws: { "\($0)".contains("named before") }
    }

    /// Roboflow writes "../train/images" for the folder beside data.yaml.
    @Test func yoloFromRoboflow() throws {
        let data = try GeneratedDataset()
        defer { data.remove() }
        for part in ["train", "valid"] {
            try data.write("\(part)/images/\(part).jpg")
            try data.write("\(part)/labels/\(part).txt", "0 0.5 0.5 0.1 0.1\n")
        }
        try data.write("data.yaml", "train: ../train/images\nval: ../valid/images\nnames: [mass]\n")
        let dataset = try data.read()
        #expect(dataset.images.map(\.name) == ["train/images/train.jpg", "valid/images/valid.jpg"])
        #expect(dataset.images.allSatisfy { $0.boxes.count == 1 })
    }

    @Test func whatWasWrittenIsReadAgain() throws {
        let data = try GeneratedDataset()
        defer { data.remove() }
        try data.write(.coco)
        let before = try data.read()
        try data.write(
            "images/all.json", try before.cocoText { (_) throws(TrainingError) in GeneratedDataset.extent })
        let options = DatasetOptions { (_) throws(TrainingError) in GeneratedDataset.extent }
        let after = try LabelledDataset(path: data.folder + "/images/all.json", options: options)
        #expect(boxes(after) == boxes(before))
        #expect(after.images.map(\.split) == before.images.map(\.split))
    }
}
