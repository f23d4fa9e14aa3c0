import Glibc

/// `hilum-transforms OPERATION ...`: one operation of `Transforms` on raw float32 files, with the CPU seconds that it took.
/// Made only when HILUM_BENCH is set; driven by the scripts in `Benchmarks/transforms/`.
let arguments = Array(CommandLine.arguments.dropFirst())
switch arguments.first {
case "elastic", "elastic-warp", "gaussian", "affine", "noise", "gamma", "bias-field", "ghosting", "motion":
    try randomBenchmark(arguments)
default:
    print("hilum-transforms OPERATION ...")
    exit(2)
}
