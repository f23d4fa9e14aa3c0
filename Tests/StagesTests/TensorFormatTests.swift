import Foundation
import Pipelines
import Testing
import Volumes

@testable import Stages

struct TensorFormatTests {
    private func mistakes(_ outputs: String, stages: String = "rescale") -> String {
        do {
            _ = try Pipeline.parse("stages: [\(stages)]\noutputs: { \(outputs) }\n", name: "p", registry: .hilum)
            return ""
        } catch { return "\(error)" }
    }

    @Test func typesThatAFormatCannotSayAreRefusedBeforeAnyFileIsOpened() {
        #expect(
            mistakes("tensors: { format: npy, dtype: bfloat16 }").contains("npy cannot say bfloat16; take safetensors"))
        #expect(mistakes("tensors: { format: nifti, dtype: float16 }").contains("NIfTI has no float16"))
        #expect(mistakes("tensors: { format: npy, dtype: uint8 }").contains("needs intensities in [0, 1]"))
        #expect(mistakes("tensors: { format: npy, dtype: uint8 }", stages: "normalize").isEmpty)
        #expect(mistakes("tensors: { format: safetensors, dtype: bfloat16 }").isEmpty)
        #expect(mistakes("tensors: { format: npy, shardItems: 5 }").contains("shardItems is for webdataset"))
        #expect(mistakes("tensors: [npy, webdataset]").contains("would write the same files"))
        #expect(mistakes("tensors: [npy, { format: npy, dtype: float16 }]").contains("would write the same files"))
        #expect(mistakes("tensors: { dtype: float16 }").contains("format is missing"))
        #expect(mistakes("tensors: { format: npy, dtyp: float16 }").contains("did you mean 'dtype'"))
    }

    /// Header, then each array where the header says that it is.
    @Test func safetensorsHoldImageMasksAndBoxes() async throws {
        let folder = try PipelineFolder()
        try folder.image("a")
        try folder.image("a_mask") { Float($0 % 3) }
        try folder.text("a.boxes.json", #"{"shape": [3, 4, 5], "boxes": [{"label": "ä", "box": [0, 0, 0, 1, 1, 1]}]}"#)
        try await folder.run(
            """
            input: { labels: beside }
            stages: [rescale]
            outputs: { tensors: { format: safetensors, dtype: bfloat16 } }
            """)
        let file = try #require(try folder.tree("out")["a.safetensors"])
        let length = file.withUnsafeBytes { Int($0.loadUnaligned(as: UInt64.self)) }
        #expect((8 + length) % 8 == 0)
        let json = try #require(JSONValue(parsing: Array(file[8..<8 + length])))
        #expect(json["image"]?["dtype"] == "BF16" && json["image"]?["shape"] == [1, 3, 4, 5])
        #expect(json["image"]?["data_offsets"] == [0, 120])
        #expect(json["mask_labels"] == ["data_offsets": [120, 180], "dtype": "U8", "shape": [3, 4, 5]])
        #expect(json["boxes"]?["data_offsets"] == [180, 204])
        #expect(json["__metadata__"]?["box_labels"] == .string(#"["ä"]"#))
        #expect(file.count == 8 + length + 204)
        #expect(Array(file[(8 + length + 120)...].prefix(6)) == [0, 1, 2, 0, 1, 2])
        // 59 is exact in eight bits.
        #expect(file[(8 + length + 118)...].prefix(2).elementsEqual([0x6c, 0x42]))
    }

    @Test func zippedArraysHaveRightChecksumsInFrontAndBehind() throws {
        let shape = Shape(depth: 1, height: 2, width: 3)
        var item = Item(
            name: "i", source: ItemSource(format: "png", inputs: [], geometry: .pixels, shape: shape),
            volume: Volume(voxels: [0, 0.25, 0.5, 0.75, 1, 1], shape: shape, geometry: .pixels))
        item.masks["lesion"] = Mask(labels: [0, 1, 2, 3, 4, 5], shape: shape, geometry: .pixels)
        item.boxes = [LabeledBox(label: "x", box: Box(x: 0...1, y: 0...2, slice: 0))]
        let folder = try PipelineFolder()
        let npz = try NPZFile(item, as: .uint8)
        try folder.write(npz.file, "i.npz")
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: folder.path("i.npz"))))
        func word(_ at: Int) -> Int { (0..<4).reduce(0) { $0 | Int(bytes[at + $1]) << (8 * $1) } }
        func half(_ at: Int) -> Int { Int(bytes[at]) | Int(bytes[at + 1]) << 8 }
        let end = bytes.count - 22
        #expect(word(end) == 0x0605_4b50 && half(end + 10) == 4)
        var place = word(end + 16)
        var names: [String] = []
        for _ in 0..<4 {
            let (size, nameLength, local) = (word(place + 24), half(place + 28), word(place + 42))
            names.append(String(decoding: bytes[(place + 46)...].prefix(nameLength), as: UTF8.self))
            #expect(word(local) == 0x0403_4b50 && word(local + 14) == word(place + 16) && word(local + 22) == size)
            let content = bytes[(local + 30 + nameLength)...].prefix(size)
            #expect(Int(crc(content)) == word(place + 16))
            if names.last == "image.npy" {
                let array = try NPYReader(Data(content))
                #expect(array.descriptor == "|u1" && array.values(UInt8.self) == [0, 64, 128, 191, 255, 255])
            }
            place += 46 + nameLength
        }
        #expect(names == ["image.npy", "mask_lesion.npy", "boxes.npy", "box_labels.npy"])
        #expect(place == end)
    }

    /// ITU-T V.42, bit by bit.
    private func crc(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        var value = ~UInt32(0)
        for byte in bytes {
            value ^= UInt32(byte)
            for _ in 0..<8 { value = value & 1 == 1 ? (value >> 1) ^ 0xEDB8_8320 : value >> 1 }
        }
        return ~value
    }

    @Test func voxelsThatAreNoNumbersAreSaid() async throws {
        let folder = try PipelineFolder()
        try folder.image("a") { $0 == 3 ? .nan : $0 == 4 ? .infinity : 1 }
        try folder.image("b") { Float($0) * 2000 }
        let entries = try await folder.run(
            "stages: [flip: { axis: x, probability: 0 }]\noutputs: { tensors: { format: npy, dtype: float16 } }\n")
        #expect(entries["a"]?.warnings.map(\.code) == ["not-finite"])
        #expect(entries["a"]?.warnings.first?.message.hasPrefix("2 voxels") == true)
        #expect(entries["b"]?.error?.code == "value-range")
        #expect(try folder.tree("out").keys.filter { $0.hasPrefix("b") }.isEmpty)
    }
}
