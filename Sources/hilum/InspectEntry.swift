import DICOM
import Pipelines
import Stages
import Volumes

/// One thing that `hilum inspect` found.
struct InspectEntry {
    /// What a run's manifest would say, as far as headers tell.
    let status: ManifestEntry.Status
    /// Under the listing's names; nil for what is no DICOM.
    let patient: String?
    let study: String?
    let series: String?
    private let description: String?
    private let unit: WorkUnit<ItemInput>
    let input: ItemInput?
    private let reason: ManifestEntry.Failure?

    init(_ unit: WorkUnit<ItemInput>, _ series: Series?, _ naming: Naming) {
        self.unit = unit
        switch unit.verdict {
        case .process(let input): (status, self.input, reason) = (.ok, input, nil)
        case .skip(let why): (status, input, reason) = (.skipped, nil, why)
        case .fail(let why): (status, input, reason) = (.failed, nil, why)
        }
        let header = series?.headers[0]
        patient = header.map { naming($0.patientKey) }
        study = header.map { naming($0.studyInstanceUID) }
        self.series = header.map { naming($0.seriesInstanceUID) }
        description = naming.pseudonyms == nil ? header?.seriesDescription : nil
    }

    var name: String { unit.name }
    var fileCount: Int { unit.inputs.count }
    /// Why it is not, or not as one thing, taken.
    var problem: String? { reason?.message }
    var notes: [String] { input?.notes ?? [] }

    /// In the order of `InspectListing.titles`.
    var cells: [String] {
        guard let input else { return [] }
        let shape = input.outline.shape
        let spacing = input.outline.spacing.map { value in
            guard let hundredths = Int(exactly: (value * 100).rounded()) else { return "\(value)" }
            return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
        }
        return [
            name + (description.map { " (\($0))" } ?? ""), input.format.rawValue, input.modality ?? "-",
            "\(shape[3]) x \(shape[2]) x \(shape[1])",
            input.isPhysical ? spacing.joined(separator: " x ") : "-", "\(fileCount)", becomes(input),
            input.transferSyntaxes.joined(separator: ", "),
        ].map(\.printable)
    }

    private func becomes(_ input: ItemInput) -> String {
        let shape = input.outline.shape
        let base = shape[1] > 1 ? "volume" : "image"
        guard case .series(let series) = input.content else { return shape[0] > 1 ? "\(shape[0]) x \(base)" : base }
        return switch series.channelAxis {
        case .none, .sequences: base
        case .color: "colour \(base)"
        case .time: "\(shape[0]) times x \(base)"
        case .diffusion: shape[0] > 1 ? "\(shape[0]) weightings x \(base)" : base
        }
    }

    var json: JSONValue {
        var object: JSONValue = [
            "item": .string(name), "status": .string(status.rawValue),
            "inputs": .array(unit.inputs.map { .string($0) }),
        ]
        if let patient, let study, let series {
            object.set("patient", .string(patient))
            object.set("study", .string(study))
            object.set("series", .string(series))
        }
        if let description { object.set("seriesDescription", .string(description)) }
        if let reason {
            object.set("error", ["code": .string(reason.code), "message": .string(reason.message)])
        }
        if let input {
            object.set("format", .string(input.format.rawValue))
            object.set("modality", input.modality.map { .string($0) } ?? .null)
            object.set("shape", .array(input.outline.shape.map { .integer($0) }))
            object.set("spacing", input.isPhysical ? .array(input.outline.spacing.map { .number($0) }) : .null)
            object.set("becomes", .string(becomes(input)))
            object.set("transferSyntaxes", .array(input.transferSyntaxes.map { .string($0) }))
            object.set("notes", .array(input.notes.map { .string($0) }))
        }
        return object
    }
}
