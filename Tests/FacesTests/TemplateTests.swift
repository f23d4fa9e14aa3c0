import Testing

@testable import Faces

@Suite struct TemplateTests {
    @Test func theTableHoldsAHeadWithABrain() {
        let template = HeadTemplate.average
        #expect(template.levels.count == template.brain.bits.count)
        #expect((800...1500).contains(template.brain.milliliters))
        #expect((2500...5000).contains(template.head.milliliters))
        #expect(template.brain.subtracting(template.head).count == 0)
    }
}
