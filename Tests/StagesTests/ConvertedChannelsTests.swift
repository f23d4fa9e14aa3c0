import Files
import Parallel
import Pipelines
import TestSupport
import Testing
import Volumes

@testable import Stages

/// What converted files tell of their channels.
@Suite struct ConvertedChannelsTests {
    private func item(_ axis: ChannelAxis, channels: Int) -> Item {
        let shape = Shape(channels: channels, depth: 1, height: 2, width: 2)
        var attributes = Attributes()
        attributes.channelAxis = axis
        let volume = Volume(
            voxels: [Float](repeating: 1, count: shape.count), shape: shape, geometry: Geometry(spacing: [1, 1, 1]),
            modality: .mr, attributes: attributes)
        return Item(
            name: "a", source: ItemSource(format: "dicom", inputs: [], geometry: volume.geometry, shape: shape),
            volume: volume)
    }

    private let diffusion = ChannelAxis.diffusion(bValues: [0, 1000], directions: [nil, [0, 0.6, 0.8]])

    /// Tensors without their weightings could not be told apart any more.
    @Test(arguments: [ConversionOptions.Format.nifti, .npy, .safetensors])
    func weightingsLieBesideEveryArray(format: ConversionOptions.Format) throws {
        var options = ConversionOptions()
        options.format = format
        let output = Output.converted(options).configured(options.name)
        let suffixes = try output.files(item(diffusion, channels: 2), .single).map(\.suffix)
        #expect(suffixes.dropFirst() == [".bval", ".bvec"])
        #expect(try output.files(item(.time(stepSeconds: 2), channels: 2), .single).count == 1)
    }

    @Test func sidecarsTellTheChannels() throws {
        let weighted = try ConversionSidecar(item: item(diffusion, channels: 2)).json()
        #expect(weighted["Channels"]?["bValues"] == [0.0, 1000.0])
        #expect(weighted["Channels"]?["directionsLPS"] == [.null, [0.0, 0.6, 0.8]])
        let timed = try ConversionSidecar(item: item(.time(stepSeconds: 2), channels: 2)).json()
        #expect(timed["Channels"] == ["kind": "time", "stepSeconds": 2.0])
        #expect(try ConversionSidecar(item: item(.none, channels: 1)).json()["Channels"] == nil)
        #expect(try ConversionSidecar(item: item(.color, channels: 3)).json()["Channels"] == nil)
    }
}
