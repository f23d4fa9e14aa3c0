import Pipelines
import Stages
import Training
import Volumes

extension LabelledImage {
    /// The image behind the stages of a pipeline.
    ///
    /// - Throws: `UsageError` or `TrainingError` that names the image: a data set that is silently smaller is another data set.
    func item(behind pipeline: Pipeline<Item>) throws -> Item {
        do {
            var item = try Item(reading: self)
            try pipeline.run(&item, named: name, seed: 0)
            let shape = item.volume.shape
            guard shape.depth == 1, shape.channels == 1 else {
                throw UsageError(
                    "\(name): a data set is of single gray images, and this has \(shape.depth) slices and "
                        + "\(shape.channels) channels; write its slices as files of their own: hilum convert --format png"
                )
            }
            return item
        } catch let error as UsageError {
            throw error
        } catch let error as TrainingError {
            throw error
        } catch let failure as StageFailure {
            throw UsageError("\(name): \(failure.stage): \(reason(of: failure.cause))")
        } catch {
            throw UsageError("\(name): \(reason(of: error))")
        }
    }
}

extension Item {
    /// - Throws: also where the data set tells another size of the image than the file has.
    init(reading image: LabelledImage) throws {
        try self.init(reading: image.path)
        try image.check(extent)
    }

    /// Before any stage changes the volume.
    var extent: PixelExtent {
        PixelExtent(
            width: volume.shape.width, height: volume.shape.height,
            isTurned: warnings.contains { $0.code == "orientation-ignored" })
    }
}
