import Testing

@testable import Training

struct AugmentationTests {
    /// A bright square on dim tissue; the second image has none.
    private let images: [TrainingImage] = {
        func image(_ name: String, _ box: TargetBox?) -> TrainingImage {
            let pixels = (0..<128 * 128).map { index -> Float in
                let (x, y) = (Float(index % 128) + 0.5, Float(index / 128) + 0.5)
                guard let box, x > box.x0, x < box.x1, y > box.y0, y < box.y1 else { return 0.3 }
                return 1
            }
            return TrainingImage(name: name, size: 128, image: pixels, boxes: box.map { [$0] } ?? [])
        }
        return [image("a", TargetBox(x0: 70, y0: 40, x1: 94, y1: 60, label: 1)), image("b", nil)]
    }()

    private func plan(
        _ image: Int, epoch: Int, _ change: (inout Recipe.Augmentation) -> Void = { _ in }
    ) -> AugmentationPlan {
        var options = Recipe.Augmentation()
        change(&options)
        return AugmentationPlan(
            image, in: images, others: [0], options: options, strength: 1, seed: 5, epoch: epoch)
    }

    @Test func sameSeedImageAndEpochGiveTheSamePixels() throws {
        let first = try plan(0, epoch: 3).image(from: images)
        #expect(try plan(0, epoch: 3).image(from: images) == first)
        #expect(try plan(0, epoch: 4).image(from: images) != first)
        #expect(first.allSatisfy { $0 >= 0 && $0 <= 1 })
    }

    /// Without turning, the box is exactly where the bright square went.
    @Test(arguments: 0..<20)
    func boxesFollowTheImage(epoch: Int) throws {
        let plan = plan(0, epoch: epoch) { (options: inout Recipe.Augmentation) in
            (options.rotation, options.intensity, options.blur, options.noise) = (0, 0, 0, 0)
        }
        let pixels = try plan.image(from: images)
        let bright = pixels.indices.filter { pixels[$0] > 0.65 }
        let (xs, ys) = (bright.map { $0 % 128 }, bright.map { $0 / 128 })
        let box = try #require(plan.boxes.first)
        #expect(abs(Float(xs.min()!) - box.x0) <= 1.01 && abs(Float(xs.max()! + 1) - box.x1) <= 1.01)
        #expect(abs(Float(ys.min()!) - box.y0) <= 1.01 && abs(Float(ys.max()! + 1) - box.y1) <= 1.01)
        #expect(box.label == 1)
    }

    @Test func lesionsArePastedIntoImagesWithoutFinding() throws {
        let found = (0..<20).map { epoch in
            plan(1, epoch: epoch) { (options: inout Recipe.Augmentation) in
                (options.pasted, options.rotation, options.intensity, options.blur, options.noise) = (1, 0, 0, 0, 0)
            }
        }
        #expect(found.allSatisfy { $0.boxes.count == 1 })
        for plan in found {
            let pixels = try plan.image(from: images)
            let box = plan.boxes[0]
            let middle = Int((box.y0 + box.y1) / 2) * 128 + Int((box.x0 + box.x1) / 2)
            #expect(pixels[middle] > 0.8 && pixels[5 * 128 + 5] < 0.4)
        }
        let none = plan(1, epoch: 0) { (options: inout Recipe.Augmentation) in options.pasted = 0 }
        #expect(none.boxes.isEmpty && none.pasting == nil)
    }

    @Test func lesionsArePastedBesideOthersAndNeverOverThem() throws {
        var plans: [AugmentationPlan] = []
        for epoch in 0..<40 {
            var options = Recipe.Augmentation()
            (options.pastedBeside, options.rotation, options.intensity, options.blur, options.noise) = (1, 0, 0, 0, 0)
            let two =
                images + [
                    TrainingImage(
                        name: "c", size: 128, image: [Float](repeating: 0.3, count: 128 * 128),
                        boxes: [TargetBox(x0: 20, y0: 50, x1: 60, y1: 90, label: 0)])
                ]
            plans.append(
                AugmentationPlan(2, in: two, others: [0, 2], options: options, strength: 1, seed: 5, epoch: epoch))
        }
        let both = plans.filter { $0.boxes.count == 2 }
        #expect(both.count > 5 && plans.allSatisfy { (1...2).contains($0.boxes.count) })
        for plan in both {
            // Side by side they may share an edge, to rounding.
            let (a, b) = (plan.boxes[0], plan.boxes[1])
            let within = TargetBox(x0: a.x0 + 0.01, y0: a.y0 + 0.01, x1: a.x1 - 0.01, y1: a.y1 - 0.01, label: 0)
            #expect(!within.touches(b), "\(plan.boxes)")
            #expect(plan.boxes.map(\.label) == [0, 1])
        }
    }

    @Test func boxesStayWithinTheImage() {
        for epoch in 0..<200 {
            for box in plan(0, epoch: epoch).boxes {
                #expect(
                    box.x0 >= 0 && box.y0 >= 0 && box.x1 <= 128 && box.y1 <= 128 && box.x0 < box.x1 && box.y0 < box.y1)
            }
        }
    }
}
