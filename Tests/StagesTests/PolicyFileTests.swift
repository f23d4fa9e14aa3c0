import Pipelines
import Testing

@testable import Stages

/// Policies as projects write them down.
struct PolicyFileTests {
    /// All at once, each at its place.
    @Test func exceptionsThatArePossibleOnlyInWordsAreMistakes() throws {
        let text = """
            profile: basic
            options: [retain-longitudinal-modified-dates]
            attributes:
              Rows: hash
              StudyDescription: hash
              StudyInstanceUID: keep
              "(0002,0010)": remove
            """
        let error = #expect(throws: ConfigurationError.self) { try PolicyFile.parse(text, name: "policy.yaml") }
        let lines = try #require(error).diagnostics.map(\.mark.line).sorted()
        #expect(lines == [4, 6, 7])
    }
}
