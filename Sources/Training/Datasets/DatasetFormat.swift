/// The forms in which images and their labels come.
public enum DatasetFormat: String, Sendable, CaseIterable {
    case index, coco, yolo, chexpert, nih, rsna, vindr

    public var title: String {
        switch self {
        case .index: "index CSV"
        case .coco: "COCO JSON"
        case .yolo: "YOLO text"
        case .chexpert: "CheXpert label CSV"
        case .nih: "NIH ChestX-ray14"
        case .rsna: "RSNA pneumonia boxes"
        case .vindr: "VinDr-CXR boxes"
        }
    }

    /// The format of a file that begins so; nil for another file.
    init?(start: String) {
        let text = start.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
        if text.first == "{" {
            guard Self.hasList("images", in: text) || Self.hasList("annotations", in: text) else { return nil }
            self = .coco
            return
        }
        let header = String(text.prefix { !$0.isNewline })
        let columns = Set(header.split(separator: ",").map { $0.filter { $0 != "\"" } })
        func has(_ names: String...) -> Bool { columns.isSuperset(of: names) }
        if has("image", "split", "class", "boxes_xyxy") {
            self = .index
        } else if has("patientId", "x", "y", "width", "height", "Target") {
            self = .rsna
        } else if has("image_id", "class_name", "x_min", "y_max") {
            self = .vindr
        } else if header.hasPrefix("Image Index,Finding Label,Bbox") {
            self = .nih
        } else if columns.contains("Path"), columns.contains(LabelledImage.noFinding) || header.contains("Effusion") {
            self = .chexpert
        } else if Self.isYOLO(text) {
            self = .yolo
        } else {
            return nil
        }
    }

    /// Results of evaluations have `images` too, as a number.
    private static func hasList(_ name: String, in text: Substring) -> Bool {
        text.ranges(of: "\"\(name)\"").contains { range in
            let value = text[range.upperBound...].drop { $0.isWhitespace }
            return value.first == ":" && value.dropFirst().drop { $0.isWhitespace }.first == "["
        }
    }

    private static func isYOLO(_ text: Substring) -> Bool {
        let keys = Set(
            text.split(whereSeparator: \.isNewline).compactMap { line in
                line.first == " " ? nil : line.firstIndex(of: ":").map { String(line[..<$0]) }
            })
        return keys.contains("names") && !keys.isDisjoint(with: ["train", "val", "test"])
    }
}
