import Foundation

@testable import Training

/// Six images of 100 x 80 pixels with boxes of two classes, written in any of the formats. The image files are empty: readers
/// only look whether they are there, and ask for sizes elsewhere.
struct GeneratedDataset {
    struct Truth {
        var name: String
        var split: String
        var boxes: [(label: String, edges: [Double])]
    }

    static let extent = PixelExtent(width: 100, height: 80)
    static let truths: [Truth] = [
        Truth(name: "patient00001_a", split: "train", boxes: [("mass", [10, 20, 30, 40])]),
        Truth(name: "patient00001_b", split: "train", boxes: [("mass", [12.5, 20, 32.5, 44])]),
        Truth(name: "patient00002_a", split: "train", boxes: []),
        Truth(
            name: "patient00003_a", split: "train", boxes: [("nodule", [50, 8, 75, 16]), ("mass", [0, 0, 25, 40])]),
        Truth(name: "patient00004_a", split: "val", boxes: [("nodule", [60, 60, 100, 80])]),
        Truth(name: "patient00005_a", split: "val", boxes: []),
    ]

    let folder: String

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    func remove() { try? FileManager.default.removeItem(atPath: folder) }

    func write(_ path: String, _ text: String = "") throws {
        let url = URL(fileURLWithPath: "\(folder)/\(path)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    /// Writes all images and annotations of a format.
    func write(_ format: DatasetFormat) throws {
        switch format {
        case .index: try writeIndex()
        case .coco: try writeCOCO()
        case .yolo: try writeYOLO()
        case .chexpert: try writeCheXpert()
        case .nih: try writeNIH()
        case .rsna: try writeRSNA()
        case .vindr: try writeVinDr()
        }
    }

    func read(_ format: DatasetFormat? = nil, _ change: (inout DatasetOptions) -> Void = { _ in }) throws
        -> LabelledDataset
    {
        var options = DatasetOptions { (_) throws(TrainingError) in Self.extent }
        change(&options)
        return try LabelledDataset(path: folder, format: format, options: options)
    }

    private func images(_ place: (Truth) -> String) throws { for truth in Self.truths { try write(place(truth)) } }

    /// One class an image: of the fourth only the first box.
    private func writeIndex() throws {
        try images { "\($0.name).png" }
        let rows = Self.truths.map { truth in
            let label = truth.boxes.first?.label ?? "none"
            let boxes = truth.boxes.filter { $0.label == label }
                .map { $0.edges.map { "\($0)" }.joined(separator: " ") }.joined(separator: ";")
            return "\(truth.name).png,\(truth.split),\(label),100,80,\(boxes),here,\(truth.name.prefix(12))"
        }
        try write(
            "index.csv",
            (["image,split,class,width,height,boxes_xyxy,source,patient"] + rows).joined(separator: "\n") + "\n")
    }

    private func writeCOCO() throws {
        try images { "images/\($0.name).png" }
        for split in ["train", "val"] {
            var (listed, annotations): ([String], [String]) = ([], [])
            for (number, truth) in Self.truths.enumerated() where truth.split == split {
                listed.append(
                    "{\"id\": \(number + 10), \"file_name\": \"\(truth.name).png\", \"width\": 100, \"height\": 80}")
                for box in truth.boxes {
                    let e = box.edges
                    annotations.append(
                        "{\"id\": \(annotations.count + 1), \"image_id\": \(number + 10), \"category_id\": "
                            + "\(box.label == "mass" ? 1 : 3), \"bbox\": [\(e[0]), \(e[1]), \(e[2] - e[0]), \(e[3] - e[1])]}"
                    )
                }
            }
            try write(
                "annotations/instances_\(split).json",
                "{\"images\": [\(listed.joined(separator: ", "))], \"annotations\": "
                    + "[\(annotations.joined(separator: ", "))], \"categories\": "
                    + "[{\"id\": 1, \"name\": \"mass\"}, {\"id\": 3, \"name\": \"nodule\"}]}")
        }
    }

    private func writeYOLO() throws {
        try images { "images/\($0.split)/\($0.name).png" }
        for truth in Self.truths where !truth.boxes.isEmpty {
            let lines = truth.boxes.map { box in
                let e = box.edges
                return "\(box.label == "mass" ? 0 : 1) \((e[0] + e[2]) / 200) \((e[1] + e[3]) / 160) "
                    + "\((e[2] - e[0]) / 100) \((e[3] - e[1]) / 80)\n"
            }
            try write("labels/\(truth.split)/\(truth.name).txt", lines.joined())
        }
        try write("data.yaml", "path: /elsewhere\ntrain: images/train\nval: images/val\nnames: [mass, nodule]\n")
    }

    private func writeCheXpert() throws {
        try images { "\($0.split == "val" ? "valid" : "train")/\($0.name.prefix(12))/study1/\($0.name).jpg" }
        let rows = Self.truths.enumerated().map { number, truth in
            let mass = number == 1 ? "-1.0" : truth.boxes.isEmpty ? "" : "1.0"
            return "CheXpert-v1.0/\(truth.split == "val" ? "valid" : "train")/\(truth.name.prefix(12))/study1/"
                + "\(truth.name).jpg,Male,50,Frontal,AP,\(truth.boxes.isEmpty ? "1.0" : ""),\(mass),0.0"
        }
        try write(
            "train.csv",
            (["Path,Sex,Age,Frontal/Lateral,AP/PA,No Finding,Lung Lesion,Pleural Effusion"] + rows).joined(
                separator: "\n"))
    }

    private func writeNIH() throws {
        try images { "images_001/images/\($0.name).png" }
        let boxes = Self.truths.flatMap { truth in
            truth.boxes.map { box in
                let e = box.edges
                return "\(truth.name).png,\(box.label),\(e[0]),\(e[1]),\(e[2] - e[0]),\(e[3] - e[1]),,,"
            }
        }
        try write(
            "BBox_List_2017.csv",
            (["Image Index,Finding Label,Bbox [x,y,w,h],,,"] + boxes).joined(separator: "\r\n") + "\r\n")
        let entries = Self.truths.map { truth in
            let findings = Set(truth.boxes.map(\.label)).sorted().joined(separator: "|")
            return
                "\(truth.name).png,\(findings.isEmpty ? "No Finding" : findings),0,\(truth.name.dropFirst(7).prefix(5)),58,M,PA,2682,2749,0.14,0.14,"
        }
        try write(
            "Data_Entry_2017.csv",
            ([
                "Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,View Position,"
                    + "OriginalImage[Width,Height],OriginalImagePixelSpacing[x,y],"
            ] + entries).joined(separator: "\n"))
        for (file, split) in [("train_val_list.txt", "train"), ("test_list.txt", "val")] {
            try write(file, Self.truths.filter { $0.split == split }.map { $0.name + ".png\n" }.joined())
        }
    }

    private func writeRSNA() throws {
        try images { "stage_2_train_images/\($0.name).dcm" }
        let rows = Self.truths.flatMap { truth -> [String] in
            guard !truth.boxes.isEmpty else { return ["\(truth.name),,,,,0"] }
            return truth.boxes.map { box in
                let e = box.edges
                return "\(truth.name),\(e[0]),\(e[1]),\(e[2] - e[0]),\(e[3] - e[1]),1"
            }
        }
        try write(
            "stage_2_train_labels.csv", (["patientId,x,y,width,height,Target"] + rows).joined(separator: "\n"))
    }

    /// Two readers draw the same, the third sees nothing.
    private func writeVinDr() throws {
        try images { "train/\($0.name).dicom" }
        let rows = Self.truths.flatMap { truth in
            ["R1", "R2", "R3"].flatMap { reader -> [String] in
                guard !truth.boxes.isEmpty, reader != "R3" else { return ["\(truth.name),No finding,14,\(reader),,,,"] }
                return truth.boxes.map { box in
                    "\(truth.name),\(box.label),3,\(reader),\(box.edges.map { "\($0)" }.joined(separator: ","))"
                }
            }
        }
        try write(
            "train.csv",
            (["image_id,class_name,class_id,rad_id,x_min,y_min,x_max,y_max"] + rows).joined(separator: "\n"))
    }
}
