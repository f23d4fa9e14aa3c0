import BurnedInText
import Foundation
import PNG
import Volumes

/// `hilum-text FOLDER [--missed] [--rectangles FILE.csv] [--growth 0.25] [--seed 0.7]
///     [--margin 2]`: the detector over a set that `planted.py` wrote; prints what it hid.
///
/// A string counts as hidden when every pixel that it changed lies in a rectangle. "Others lost" are the pixels of
/// rectangles that lie outside every string's own box, as a part of all pixels outside; "far" leaves out 4 pixels around.
struct Tally {
    var strings = 0
    var hidden = 0
    var mostlyHidden = 0
    var frames = 0
    var others = 0
    var othersLost = 0
    var far = 0
    var farLost = 0

    mutating func add(_ lost: Tally) {
        frames += lost.frames
        others += lost.others
        othersLost += lost.othersLost
        far += lost.far
        farLost += lost.farLost
    }

    func line(_ name: String) -> String {
        func percent(_ part: Int, _ whole: Int) -> String {
            whole == 0 ? "-" : String(format: "%.3f %%", 100 * Double(part) / Double(whole))
        }
        return "\(name): \(frames) frames, \(strings) strings, hidden \(percent(hidden, strings)), "
            + "90 % hidden \(percent(mostlyHidden, strings)), others lost \(percent(othersLost, others)), "
            + "far \(percent(farLost, far))"
    }
}

/// What this thread has computed, so that other work on the machine does not count.
func threadSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

let arguments = CommandLine.arguments
guard arguments.count >= 2 else {
    print("hilum-text FOLDER [--missed] [--rectangles FILE.csv] [--growth 0.3] [--seed 0.6]")
    exit(2)
}
let folder = arguments[1]
let index = try String(contentsOfFile: folder + "/index.csv", encoding: .utf8)
var rows: [[String: String]] = []
let lines = index.split(whereSeparator: \.isNewline).map { $0.split(separator: ",", omittingEmptySubsequences: false) }
for line in lines.dropFirst() {
    rows.append(Dictionary(uniqueKeysWithValues: zip(lines[0].map(String.init), line.map(String.init))))
}
let byFrame = Dictionary(grouping: rows) { $0["frame"]! }
let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    .filter { $0.hasSuffix(".png") && !$0.hasSuffix("-truth.png") }.map { String($0.dropLast(4)) }.sorted()

var detector = TextDetector()
for (name, path) in [
    ("--growth", \TextDetector.growth), ("--seed", \TextDetector.seed), ("--filled", \TextDetector.filled),
] {
    if let at = arguments.firstIndex(of: name), at + 1 < arguments.count, let value = Float(arguments[at + 1]) {
        detector[keyPath: path] = value
    }
}
if let at = arguments.firstIndex(of: "--margin"), at + 1 < arguments.count {
    detector.margin = Int(arguments[at + 1]) ?? detector.margin
}
var tallies: [String: Tally] = [:]
var missed: [String] = []
var rectangles = "frame,x,y,width,height,score\n"
var seconds: [String: (sum: Double, count: Int)] = [:]
for name in names {
    let image = try PNGFile.read(path: "\(folder)/\(name).png")
    let truth = try PNGFile.read(path: "\(folder)/\(name)-truth.png").voxels
    let (height, width) = (image.shape.height, image.shape.width)
    let plane = GrayPlane(image.voxels, height: height, width: width)
    let start = threadSeconds()
    let regions = detector.regions(in: plane)
    let size = "\(width) x \(height)"
    seconds[size, default: (0, 0)].sum += threadSeconds() - start
    seconds[size, default: (0, 0)].count += 1

    var covered = [Bool](repeating: false, count: height * width)
    for region in regions {
        let box = region.rectangle
        for y in box.y..<box.bottom { for x in box.x..<box.right { covered[y * width + x] = true } }
        rectangles += "\(name),\(box.x),\(box.y),\(box.width),\(box.height),\(region.score)\n"
    }
    var (total, inside): ([Int: Int], [Int: Int]) = ([:], [:])
    var boxes: [Int: PixelRectangle] = [:]
    for (pixel, value) in truth.enumerated() where value > 0 {
        let string = Int(value)
        total[string, default: 0] += 1
        if covered[pixel] { inside[string, default: 0] += 1 }
        let place = PixelRectangle(x: pixel % width, y: pixel / width, width: 1, height: 1)
        boxes[string] = boxes[string]?.union(place) ?? place
    }
    var near = [UInt8](repeating: 0, count: height * width)
    for (margin, value) in [(4, UInt8(1)), (0, 2)] {
        for box in boxes.values.map({ $0.padded(by: margin).clipped(rows: height, columns: width) }) {
            for y in box.y..<box.bottom { for x in box.x..<box.right { near[y * width + x] = value } }
        }
    }
    let strings = byFrame[name] ?? []
    let keys = ["all", strings.first?["place"] ?? "no strings", "background " + (strings.first?["background"] ?? "?")]
    var lost = Tally()
    lost.frames = 1
    for pixel in 0..<height * width where near[pixel] < 2 {
        lost.others += 1
        if covered[pixel] { lost.othersLost += 1 }
        guard near[pixel] == 0 else { continue }
        lost.far += 1
        if covered[pixel] { lost.farLost += 1 }
    }
    for key in keys {
        tallies[key, default: Tally()].add(lost)
    }
    for row in strings {
        let string = Int(row["string"]!)!
        guard let all = total[string] else { fatalError("\(name): string \(string) has no pixel in its truth") }
        let found = inside[string] ?? 0
        let letters = Int(row["height"]!)!
        let groups =
            keys + [
                "\(row["place"]!), style \(row["style"]!)", row["turned"] == "0" ? "upright" : "turned",
                "height \(letters < 8 ? "below 8" : letters < 12 ? "8 to 11" : letters < 20 ? "12 to 19" : "20 and more")",
            ]
        for key in groups {
            tallies[key, default: Tally()].strings += 1
            if found == all { tallies[key]!.hidden += 1 }
            if 10 * found >= 9 * all { tallies[key]!.mostlyHidden += 1 }
        }
        if found < all {
            missed.append(
                "\(name) \(row["place"]!) \(row["background"]!) string \(string) height \(letters) \(row["style"]!) "
                    + "turned \(row["turned"]!): \(found) of \(all) pixels")
        }
    }
}
for key in tallies.keys.sorted() { print(tallies[key]!.line(key)) }
for size in seconds.keys.sorted() {
    let (sum, count) = seconds[size]!
    print("\(size): \(String(format: "%.2f", 1000 * sum / Double(count))) ms a frame, \(count) frames")
}
if arguments.contains("--missed") { for line in missed { print(line) } }
if let at = arguments.firstIndex(of: "--rectangles"), at + 1 < arguments.count {
    try rectangles.write(toFile: arguments[at + 1], atomically: true, encoding: .utf8)
}
