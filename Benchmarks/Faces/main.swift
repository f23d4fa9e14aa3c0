import Faces
import Foundation
import NIfTI
import Volumes

for path in CommandLine.arguments.dropFirst() {
    do {
        var (volume, _) = try NIfTIFile.read(path: path)
        if path.contains("_ct") { volume.modality = .ct } else { volume.modality = .mr }
        let start = Date()
        let e = HeadCheck.examine(volume)
        let m = e.measures
        let name = (path as NSString).lastPathComponent
        print(name, e.finding.name, e.reason, String(format: "t %.2f nmi %.4f lead %.4f head %.3f brain %.3f vol %.0f bvis %.2f fvis %.2f ftis %.2f scalp %.2f area %.0f", Date().timeIntervalSince(start), m.information, m.orientationLead, m.headOverlap, m.brainOverlap, m.brainVolume, m.brainVisible, m.faceVisible, m.faceTissue, m.scalpTissue, m.leastSliceArea), m.scales)
        if e.finding == .headWithFace {
            let d = try Defacing.deface(volume, examination: e)
            print("   ", d.verdict.changedVoxels, d.verdict.faceSurfaceRemoved, d.verdict.fill, Date().timeIntervalSince(start))
            let r = try FaceRendering.compare(volume, d.volume)
            for (k, v) in [("bf", r.before.front), ("bl", r.before.left), ("br", r.before.right), ("af", r.after.front), ("al", r.after.left), ("ar", r.after.right)] {
                try (Data("P5 \(v.width) \(v.height) 255\n".utf8) + Data(v.pixels)).write(to: URL(filePath: "/tmp/face/out/\(name).\(k).pgm"))
            }
            try Data(d.changed.labels).write(to: URL(filePath: "/tmp/face/out/\(name).mask"))
        }
    } catch { print(path, error) }
}
