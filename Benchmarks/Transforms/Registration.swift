import Foundation
import NIfTI
import Parallel
import Transforms
import Volumes

/// `register KIND RESOLUTION FIXED MASK|- MOVING...`: for each moving image a line of JSON with the map from the fixed
/// image's LPS mm to the moving one's (three rows of four), what it rests on, and the seconds that it took on one thread.
func benchmarkRegistration(_ arguments: [String]) throws {
    guard arguments.count >= 5, let kind = TransformKind(rawValue: arguments[0]), let resolution = Double(arguments[1])
    else {
        FileHandle.standardError.write(Data("register rigid|affine MM FIXED MASK|- MOVING...\n".utf8))
        exit(2)
    }
    let fixed = try NIfTIFile.read(path: arguments[2]).0
    let mask = arguments[3] == "-" ? nil : Mask(try NIfTIFile.read(path: arguments[3]).0)
    for path in arguments[4...] {
        let moving = try NIfTIFile.read(path: path).0
        let start = clock()
        do {
            let result = try Registration(kind: kind, resolution: resolution).register(moving, to: fixed, mask: mask)
            let seconds = Double(clock() - start) / Double(CLOCKS_PER_SEC)
            print(
                "{\"rows\": \(result.transform.rows), \"information\": \(result.information), "
                    + "\"visible\": \(result.visible), \"iterations\": \(result.iterations), \"seconds\": \(seconds)}")
        } catch {
            print("{\"error\": \"\(error)\", \"seconds\": \(Double(clock() - start) / Double(CLOCKS_PER_SEC))}")
        }
        fflush(nil)
    }
}
