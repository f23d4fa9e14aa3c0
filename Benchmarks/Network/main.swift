import Foundation
import Glibc
import Networks
import Parallel
import Tensors

/// One network on one image, again and again: what `networks.py` times beside PyTorch and ONNX Runtime.
///
///     hilum-networks vit-l24 WEIGHTS.safetensors IMAGE.safetensors fp32|bf16|int8[:KERNEL] THREADS RUNS [OUTPUT.safetensors]
///     hilum-networks MODEL-FOLDER - IMAGE.safetensors ...
///
/// Prints milliseconds of each run by the clock and of the processor, the bytes of weights and arena, and a digest of the result's bits.
struct Arguments {
    var network: String
    var weights: String
    var image: [Float]
    var backend: Backend
    var threads: Int
    var runs: Int
    var output: String?

    init?(_ words: [String]) throws {
        guard words.count >= 7, let threads = Int(words[5]), let runs = Int(words[6]) else { return nil }
        let choice = words[4].split(separator: ":").map(String.init)
        guard let precision = Precision(rawValue: choice[0]) else { return nil }
        backend = Backend(precision)
        if choice.count > 1 {
            guard let kernel = MatrixKernel(rawValue: choice[1]) else { return nil }
            backend.kernel = kernel
            if precision == .float32 { backend.float32Kernel = kernel }
        }
        (network, weights) = (words[1], words[2])
        (self.threads, self.runs) = (threads, runs)
        var file = try WeightFile(path: words[3])
        image = try file.take("image").elements
        output = words.count > 7 ? words[7] : nil
    }
}

guard let arguments = try Arguments(CommandLine.arguments) else {
    FileHandle.standardError.write(
        Data("hilum-networks NETWORK WEIGHTS IMAGE fp32|bf16|int8 THREADS RUNS [OUTPUT]\n".utf8))
    exit(2)
}

let backend = arguments.backend
let workers = Workers(count: arguments.threads)

/// What `runs` runs took, and what the last one gave.
struct Timing {
    var milliseconds: [Double] = []
    /// Of all threads together, which tells more than the clock where others use the processor too.
    var processorMilliseconds: [Double] = []
    var result: [Float] = []

    init(runs: Int, _ body: () throws -> [Float]) rethrows {
        let clock = ContinuousClock()
        for _ in 0..<runs {
            let (start, processor) = (clock.now, Self.processorTime)
            result = try body()
            milliseconds.append((clock.now - start) / .milliseconds(1))
            processorMilliseconds.append(Self.processorTime - processor)
        }
    }

    private static var processorTime: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) / 1e6
    }
}

let timing: Timing
let memory: (weights: Int, arena: Int)
if arguments.network == "vit-l24" {
    let configuration = VisionTransformer.Configuration.vitL24
    let plan = try VisionTransformer(WeightFile(path: arguments.weights), configuration).plan(backend)
    timing = try Timing(runs: arguments.runs) {
        try VisionTransformer.tokens(plan, arguments.image, configuration: configuration, workers: workers).elements
    }
    memory = (plan.weightBytes, plan.arenaBytes)
} else {
    let detector = try Detector(directory: arguments.network, backend: backend)
    timing = try Timing(runs: arguments.runs) { try detector.cells(arguments.image, workers: workers).elements }
    memory = detector.memory
}
let result = timing.result

// FNV-1a over the bits: two runs agree in every bit, or they do not.
let digest = result.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1.bitPattern)) &* 0x100_0000_01b3 }
func list(_ times: [Double]) -> String { times.map { String(format: "%.2f", $0) }.joined(separator: ", ") }
print(
    """
    {"backend": "\(backend)", "milliseconds": [\(list(timing.milliseconds))], \
    "processor": [\(list(timing.processorMilliseconds))], "weights": \(memory.weights), \
    "arena": \(memory.arena), "digest": "\(String(digest, radix: 16))"}
    """)
if let output = arguments.output { try writeSafetensors(["result": Tensor(result, [result.count])], to: output) }
