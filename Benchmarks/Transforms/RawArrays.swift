import Foundation
import Volumes

/// Arrays as numpy's `tofile` writes them.
func readRaw<Element>(_ path: String, as type: Element.Type) throws -> [Element] {
    let data = try Data(contentsOf: URL(filePath: path))
    return [Element](unsafeUninitializedCapacity: data.count / MemoryLayout<Element>.stride) { buffer, count in
        count = data.copyBytes(to: buffer) / MemoryLayout<Element>.stride
    }
}

func writeRaw<Element>(_ values: [Element], _ path: String) throws {
    try values.withUnsafeBytes { try Data($0).write(to: URL(filePath: path)) }
}

/// "128x256x256": depth, height, width.
func shape(_ text: String) -> Shape {
    let sizes = text.split(separator: "x").compactMap { Int($0) }
    guard sizes.count == 3 else { fatalError("a shape is DEPTHxHEIGHTxWIDTH, found \(text)") }
    return Shape(depth: sizes[0], height: sizes[1], width: sizes[2])
}

/// Runs `body` several times on what `prepare` gives and prints the least CPU time of this thread in seconds.
func time<Input, Output>(_ runs: Int, prepare: () throws -> Input, _ body: (inout Input) throws -> Output) rethrows
    -> (input: Input, output: Output)
{
    var best = Double.infinity
    var last: (Input, Output)?
    for _ in 0..<runs {
        var input = try prepare()
        let start = threadSeconds()
        let output = try body(&input)
        best = min(best, threadSeconds() - start)
        last = (input, output)
    }
    print(best)
    guard let last else { fatalError("at least one run") }
    return last
}

private func threadSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
