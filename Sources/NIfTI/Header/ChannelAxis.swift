public import Volumes

extension FourthAxis {
    /// Where NIfTI keeps the channels of a volume. Diffusion weightings stand where points in time do, as every program
    /// that reads them expects; their b-values and directions go into files of their own.
    public init(_ axis: ChannelAxis) {
        switch axis {
        case .none, .sequences: self = .time(stepSeconds: nil)
        case .color: self = .color
        case .time(let step): self = .time(stepSeconds: step)
        case .diffusion: self = .time(stepSeconds: nil)
        }
    }

    /// What the channels of a volume are that comes from NIfTI.
    var channelAxis: ChannelAxis {
        switch self {
        case .none, .spectrum, .components: .none
        case .time(let step): .time(stepSeconds: step)
        case .color: .color
        }
    }
}
