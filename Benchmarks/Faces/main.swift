// hilum-faces MODALITY BODY_PART INPUT.nii OUT_PREFIX: examines a volume, removes its face, and tells what it did as one
// line of JSON. Writes OUT_PREFIX-changed.raw (a byte a voxel), -after.raw (float32 values) and six pictures.
// MODALITY is CT, MR or OT; BODY_PART is `-` when unknown. Only `Tests/Peers/faces` uses it.

import Faces
import Foundation
import NIfTI
import PNG
import Volumes

struct Report: Encodable {
    var finding: String
    var reason: String
    var code: String?
    var information: Double
    var orientationLead: Double
    var headOverlap: Double
    var brainOverlap: Double
    var brainVolume: Double
    var faceVisible: Double
    var faceTissue: Double
    var scalpTissue: Double
    var faceBlank: Double
    var scales: [Double]
    var seconds: Double
    var megabytes: Int
    var faceSurfaceRemoved: Double?
    var fill: Float?
}

/// Peak resident memory of this process, MB; `getrusage` would count the parent's pages from before the program began.
func peakMegabytes() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) / 1024
}

guard CommandLine.arguments.count == 5 else {
    FileHandle.standardError.write(Data("usage: hilum-faces CT|MR|OT PART|- INPUT OUT_PREFIX\n".utf8))
    exit(2)
}
let (modality, part, input, out) = (
    CommandLine.arguments[1], CommandLine.arguments[2], CommandLine.arguments[3], CommandLine.arguments[4]
)
var (volume, _) = try NIfTIFile.read(path: input)
volume.modality = Modality(rawValue: modality)
let start = ContinuousClock.now
let examined = HeadCheck.examine(volume, hints: HeadHints(bodyPart: part == "-" ? nil : part))
let result = Result { () throws(FaceError) in try Defacing.deface(volume, examination: examined) }
let seconds = (ContinuousClock.now - start) / .seconds(1)
let (m, megabytes) = (examined.measures, try peakMegabytes())
var report = Report(
    finding: examined.finding.rawValue, reason: examined.reason, code: nil, information: m.information,
    orientationLead: m.orientationLead, headOverlap: m.headOverlap, brainOverlap: m.brainOverlap,
    brainVolume: m.brainVolume, faceVisible: m.faceVisible, faceTissue: m.faceTissue, scalpTissue: m.scalpTissue,
    faceBlank: m.faceBlank,
    scales: [m.scales.x, m.scales.y, m.scales.z], seconds: seconds, megabytes: megabytes)
switch result {
case .failure(let error):
    report.code = error.code.rawValue
    report.reason = error.description
case .success(let defaced):
    report.faceSurfaceRemoved = defaced.verdict.faceSurfaceRemoved
    report.fill = defaced.verdict.fill
    try Data(defaced.changed.labels).write(to: URL(filePath: out + "-changed.raw"))
    try defaced.volume.voxels.withUnsafeBytes { try Data($0).write(to: URL(filePath: out + "-after.raw")) }
    let (before, after) = try FaceRendering.compare(volume, defaced.volume)
    for (name, rendering) in [("before", before), ("after", after)] {
        for (side, picture) in [("front", rendering.front), ("left", rendering.left), ("right", rendering.right)] {
            let png = try PNGFile.encode(
                width: picture.width, height: picture.height, channels: 1, bytes: picture.pixels)
            try Data(png).write(to: URL(filePath: "\(out)-\(name)-\(side).png"))
        }
    }
}
print(String(decoding: try JSONEncoder().encode(report), as: UTF8.self))
