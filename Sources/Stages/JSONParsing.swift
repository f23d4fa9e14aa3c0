import Foundation
import Pipelines

extension JSONValue {
    /// Nil for what is no JSON. Members of objects come in the order of their keys.
    init?(parsing bytes: [UInt8]) {
        guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(bytes)) else { return nil }
        self = value
    }
}
