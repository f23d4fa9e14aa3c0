import Testing

@testable import Training

struct DatasetSplitTests {
    private func dataset(_ count: Int, perPatient: Int = 4) -> LabelledDataset {
        let images = (0..<count).map { number in
            LabelledImage(
                path: "/x/\(number)", name: "\(number).png", patient: "p\(number / perPatient)",
                site: "s\(number * 3 / count)")
        }
        return LabelledDataset(
            format: .coco, path: "x", images: images, classes: [], categories: [:], problems: [])
    }

    private let shares: [(name: String, share: Double)] = [("train", 0.8), ("val", 0.2)]

    @Test func patientsStayTogetherAndSharesAreKept() throws {
        let split = try dataset(400).split(shares, by: .patient, seed: 3)
        #expect(LeakCheck.sharedPatients(split.images) == 0)
        #expect(split.images.count { $0.split == "val" } == 80)
        #expect(split == (try dataset(400).split(shares, by: .patient, seed: 3)))
        #expect(split != (try dataset(400).split(shares, by: .patient, seed: 4)))
    }

    @Test func theOrderOfImagesDoesNotMatter() throws {
        var turned = dataset(100)
        turned.images.reverse()
        func parts(_ dataset: LabelledDataset) -> [String: String?] {
            Dictionary(uniqueKeysWithValues: dataset.images.map { ($0.name, $0.split) })
        }
        #expect(
            parts(try turned.split(shares, by: .patient, seed: 1))
                == parts(try dataset(100).split(shares, by: .patient, seed: 1)))
    }

    @Test func sitesAndLikeImagesStayTogether() throws {
        let bySite = try dataset(90).split(shares, by: .site, seed: 1)
        #expect(Dictionary(grouping: bySite.images) { $0.site }.values.allSatisfy { Set($0.map(\.split)).count == 1 })
        let joined = try dataset(100).split(shares, by: .image, seed: 1, together: [(0, 50), (50, 99)])
        #expect(Set([0, 50, 99].map { joined.images[$0].split }).count == 1)
        #expect(throws: TrainingError.self) { try dataset(4).split(shares, by: .patient, seed: 1) }
        var unknown = dataset(8)
        unknown.images[3].patient = nil
        #expect(throws: TrainingError.self) { try unknown.split(shares, by: .patient, seed: 1) }
    }

    /// A picture with a place of its own for each number.
    private func picture(_ number: Int, width: Int = 90, height: Int = 70, brightness: Float = 1) -> [Float] {
        (0..<width * height).map { index in
            let x = Float(index % width) / Float(width) - Float(number % 5 + 1) / 6
            let y = Float(index / width) / Float(height) - Float(number / 5 + 1) / 4
            return brightness * (max(0, 1 - 8 * (x * x + y * y)) + (x > 0 ? 0.2 : 0) * Float(number % 3))
        }
    }

    @Test func copiesAreFoundAndOthersAreNot() {
        var hashes = (0..<10).map { PerceptualHash(pixels: picture($0), width: 90, height: 70) }
        #expect(LeakCheck().nearDuplicates(hashes).isEmpty)
        // The third again, twice as large and darker.
        hashes.append(
            PerceptualHash(pixels: picture(2, width: 180, height: 140, brightness: 0.6), width: 180, height: 140))
        let pairs = LeakCheck().nearDuplicates(hashes)
        #expect(pairs.count == 1 && pairs.first?.first == 2 && pairs.first?.second == 10)
        #expect((pairs.first?.correlation ?? 0) > 0.98)
    }

    @Test func averagesKeepTheMean() {
        let small = PerceptualHash.averaged((0..<35).map(Float.init), 7, 5, to: 3)
        #expect(abs(small.reduce(0, +) / 9 - 17) < 1e-4)
        #expect(PerceptualHash.averaged([1, 2, 3, 4], 2, 2, to: 2) == [1, 2, 3, 4])
    }
}
