import Foundation
import Networks
import Pipelines
import Testing

@testable import Training

struct RecipeTests {
    private let least = "name: a\nclasses: [x, y]\n"

    private func mistakes(_ text: String) -> [String] {
        do throws(ConfigurationError) {
            _ = try Recipe.parse(text, name: "r.yaml")
            return []
        } catch { return error.diagnostics.map(\.description) }
    }

    @Test(arguments: ["brain-mri-tumour", "brain-mri-tumour-further", "brain-mri-tumour-s"])
    func shippedRecipesAreUnderstood(name: String) throws {
        let path = Recorded.root + "/training/recipes/\(name).yaml"
        let recipe = try Recipe.parse(String(contentsOfFile: path, encoding: .utf8), name: name)
        #expect(recipe.classes == ["glioma", "meningioma", "pituitary"])
    }

    @Test func valuesArriveWhereTheyBelong() throws {
        let recipe = try Recipe.parse(
            least + """
                architecture: { preset: hvit-ti, stage2Blocks: 3, maskChannels: 16 }
                schedule: { epochs: 10, sizes: [{ size: 64, until: 0.5 }, { size: 128 }], annealing: restarts,
                  precision: bf16 }
                seed: 7
                """, name: "r.yaml")
        #expect(recipe.extents.stage2Blocks == 3 && recipe.extents.maskChannels == 16)
        #expect(recipe.extents.stage1Channels == 96 && recipe.architecture == "hvit-ti")
        #expect((0..<10).map { recipe.size(epoch: $0) } == [64, 64, 64, 64, 64, 128, 128, 128, 128, 128])
        #expect(recipe.configuration.inputSize == 128 && recipe.schedule.annealing == .restarts && recipe.seed == 7)
        #expect(recipe.schedule.precision == .bfloat16)
        #expect(recipe.strength(epoch: 5) == 1 && recipe.strength(epoch: 6) == 0.4)
    }

    @Test func allMistakesAreNamedAtOnce() {
        let found = mistakes(
            least + """
                archtecture: hvit-s
                schedule: { epochs: 0, rat: 1e-3, annealing: cosin, sizes: 100, precision: int8 }
                augmentation: { noise: loud }
                """)
        #expect(found.count == 7)
        #expect(found.contains { $0.contains("r.yaml:3:1") && $0.contains("did you mean 'architecture'?") })
        #expect(found.contains { $0.contains("'rat'") && $0.contains("did you mean 'rate'?") })
        #expect(found.contains { $0.contains("did you mean 'cosine'?") })
        #expect(found.contains { $0.contains("epochs: expected a whole number in [1, 100000], found '0'") })
        #expect(found.contains { $0.contains("100 is no multiple of 64") })
        #expect(found.contains { $0.contains("precision: expected one of fp32, bf16") })
        #expect(found.contains { $0.contains("noise: expected a number") })
    }

    @Test func headsMustDivideTheirChannels() {
        #expect(
            mistakes(least + "architecture: { preset: hvit-s, stage2Heads: 5 }\n")[0].contains(
                "5 heads do not divide 384"))
        #expect(mistakes(least + "architecture: hvit-m\n")[0].contains("expected one of hvit-e, hvit-s, hvit-ti"))
        #expect(
            mistakes(least + "architecture: { preset: hvit-e, window: 4 }\n")[0].contains(
                "hvit-e has no windowed blocks"))
        #expect(mistakes("name: a\n")[0].contains("a recipe needs 'classes'"))
        #expect(mistakes(least + "schedule: { sizes: [{ size: 64 }, { size: 128 }] }\n")[0].contains("until"))
        #expect(mistakes(least + "schedule: { sizes: [] }\n")[0].contains("sizes: a list needs one size at least"))
    }
}
