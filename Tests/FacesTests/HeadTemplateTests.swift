import Testing

@testable import Faces

@Suite struct HeadTemplateTests {
    @Test func theTableHoldsAHeadWithABrain() {
        let template = HeadTemplate.average
        #expect(template.levels.count == template.brain.bits.count)
        #expect((800...1500).contains(template.brain.milliliters))
        #expect((2500...5000).contains(template.head.milliliters))
        #expect(template.brain.subtracting(template.head).count == 0)
    }

    @Test func theNoseIsInFrontAndTheCrownAbove() {
        let head = HeadTemplate.average.head
        func extent(_ axis: Int, _ voxels: Region) -> ClosedRange<Double> {
            var (least, greatest) = (Double.infinity, -Double.infinity)
            for index in voxels.bits.indices where voxels.bits[index] != 0 {
                let place = [index % 44, index / 44 % 55, index / 44 / 55][axis]
                let position = HeadTemplate.origin[axis] + Double(place) * HeadTemplate.spacing
                (least, greatest) = (min(least, position), max(greatest, position))
            }
            return least...greatest
        }
        #expect(extent(1, head).lowerBound < -78)
        #expect((78...90).contains(extent(2, head).upperBound))
        #expect(extent(2, HeadTemplate.average.brain).lowerBound > -60)
    }
}
