import Pipelines
import Volumes

extension ChannelAxis {
    /// What the channels are, with what a reader of the voxels must know of each: seconds, s/mm2, LPS directions.
    var json: JSONValue {
        switch self {
        case .none: return .null
        case .color: return ["kind": "color"]
        case .sequences(let names):
            return ["kind": "sequences", "sequences": .array(names.map { .string($0) })]
        case .time(let step): return ["kind": "time", "stepSeconds": step.map { .number($0) } ?? .null]
        case .diffusion(let bValues, let directions):
            return [
                "kind": "diffusion", "bValues": .array(bValues.map { .number($0) }),
                "directionsLPS": .array(
                    directions.map { direction in
                        direction.map { .array([.number($0.x), .number($0.y), .number($0.z)]) } ?? .null
                    }),
            ]
        }
    }
}
